//! A layout from the pieces that the tables of a file name: sorted, clipped where they overlap, gaps filled.

use std::ops::Range;

use super::layout::{Layout, Place, Region};

/// Returns the layout of a file of `len` bytes; what stands earlier in the file wins where pieces overlap.
pub(crate) fn lay_out(mut pieces: Vec<Region>, len: usize) -> Layout {
    pieces.retain(|piece| piece.range.start < piece.range.end.min(len));
    // A larger piece that begins at the same place is cut by the smaller one, which says more.
    pieces.sort_by_key(|piece| (piece.range.start, piece.range.end));
    let mut regions: Vec<Region> = Vec::with_capacity(pieces.len() * 2);
    let mut at = 0;
    for mut piece in pieces {
        piece.range.end = piece.range.end.min(len);
        if piece.range.end <= at {
            continue;
        }
        if piece.range.start > at {
            regions.push(nameless(at..piece.range.start, Place::Gap));
        }
        if piece.range.start < at {
            piece.address = piece.address.map(|address| address.wrapping_add((at - piece.range.start) as u64));
            piece.range.start = at;
        }
        at = piece.range.end;
        regions.push(piece);
    }
    if at < len {
        regions.push(nameless(at..len, Place::Overlay));
    }
    Layout { regions }
}

fn nameless(range: Range<usize>, place: Place) -> Region {
    Region { range, place, name: String::new(), address: None }
}

#[cfg(test)]
mod tests {
    use super::{Layout, Place, Region, lay_out};

    #[test]
    fn the_regions_cover_the_file_once() {
        let piece = |range, place| Region { range, place, name: String::new(), address: Some(0x100) };
        let Layout { regions } = lay_out(
            vec![
                piece(4..9, Place::Data),
                piece(0..2, Place::Header),
                piece(6..12, Place::Code),
                piece(5..6, Place::Debug),
            ],
            20,
        );
        let found: Vec<_> = regions.iter().map(|region| (region.range.clone(), region.place, region.address)).collect();
        assert_eq!(
            found,
            [
                (0..2, Place::Header, Some(0x100)),
                (2..4, Place::Gap, None),
                (4..9, Place::Data, Some(0x100)),
                (9..12, Place::Code, Some(0x103)),
                (12..20, Place::Overlay, None),
            ]
        );
    }
}
