//! x
mod clock; mod durable; mod error; mod files; mod ingest; mod keys; mod settings; mod store; mod walk; pub mod worker;
pub use error::*; pub use settings::*; pub use files::*; pub use worker::WorkerCommand;
