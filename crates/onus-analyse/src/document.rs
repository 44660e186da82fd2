//! Documents that people read: plain text and HTML.
//!
//! Both are turned into a [`reading::Reading`], text that leads back to the bytes, and then described in the same way.

mod date;
mod decoded;
mod describe;
mod hidden;
mod html;
mod months;
mod reading;
mod text;

pub(crate) use html::HTML;
pub(crate) use text::TEXT;
