//! What in the bytes of a program leads to an address, in whatever format: operands, pointers, distances.
//!
//! More is let pass as a reference than is one: that something has none is held against the file.

/// Instructions between the two halves of an address, at most.
const HALVES_MAX: usize = 8;

/// Something that leads to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lead {
    /// An address: wherever in a text it leads, it refers to the text.
    Into(u64),
    /// A number that happens to fit an address: it refers to a text that begins there.
    To(u64),
}

/// Operands of x86-64 that are relative to the next instruction.
pub(crate) fn of_x86_64(code: &[u8], address: u64, sink: &mut impl FnMut(Lead)) {
    for (at, window) in code.windows(5).enumerate() {
        // Before the distance stands the byte that says what the operand is.
        let [operand, a, b, c, d] = *window else { break };
        if operand & 0xc7 != 5 {
            continue;
        }
        let distance = i64::from(i32::from_le_bytes([a, b, c, d]));
        let relative = address.wrapping_add(at as u64 + 5).wrapping_add_signed(distance);
        // LEA of 64 bits: the one that certainly takes an address.
        let before = at.checked_sub(2).and_then(|from| code.get(from..at));
        if matches!(before, Some([0x48..=0x4f, 0x8d])) {
            sink(Lead::Into(relative));
        }
        // The distance may be followed by up to four bytes of its instruction.
        for immediate in [0, 1, 2, 4] {
            sink(Lead::To(relative.wrapping_add(immediate)));
        }
    }
}

/// Numbers in code of x86 that can be addresses, as they are or from the table of addresses on.
pub(crate) fn of_x86(code: &[u8], got: Option<u64>, sink: &mut impl FnMut(Lead)) {
    for window in code.windows(4) {
        let [a, b, c, d] = *window else { break };
        let word = u32::from_le_bytes([a, b, c, d]);
        sink(Lead::To(u64::from(word)));
        if let Some(got) = got {
            sink(Lead::To(got.wrapping_add(u64::from(word)) & 0xffff_ffff));
        }
    }
}

/// Operands of AArch64: pages with what is added to them, addresses near the instruction.
pub(crate) fn of_arm_64(code: &[u8], address: u64, sink: &mut impl FnMut(Lead)) {
    let (words, _) = code.as_chunks::<4>();
    for (index, word) in words.iter().enumerate() {
        let word = u32::from_le_bytes(*word);
        if word & 0x1f00_0000 != 0x1000_0000 {
            continue;
        }
        let at = address.wrapping_add(index as u64 * 4);
        // 21 bits with a sign.
        let distance = i64::from((((word >> 5 & 0x7_ffff) << 2 | word >> 29 & 3) << 11).cast_signed() >> 11);
        if word >> 31 == 0 {
            sink(Lead::Into(at.wrapping_add_signed(distance)));
            continue;
        }
        let page = (at & !0xfff).wrapping_add_signed(distance << 12);
        for next in words.iter().skip(index + 1).take(HALVES_MAX).map(|next| u32::from_le_bytes(*next)) {
            // ADD of an immediate to the register.
            if next & 0x7fc0_0000 == 0x1100_0000 && next >> 5 & 31 == word & 31 {
                sink(Lead::Into(page.wrapping_add(u64::from(next >> 10 & 0xfff))));
            }
        }
    }
}

/// Pointers.
pub(crate) fn of_pointers(data: &[u8], is_64: bool, sink: &mut impl FnMut(Lead)) {
    if is_64 {
        let (words, _) = data.as_chunks::<8>();
        words.iter().for_each(|word| sink(Lead::Into(u64::from_le_bytes(*word))));
    } else {
        let (words, _) = data.as_chunks::<4>();
        words.iter().for_each(|word| sink(Lead::Into(u64::from(u32::from_le_bytes(*word)))));
    }
}

/// Distances of 32 bits from their own place.
pub(crate) fn of_distances(data: &[u8], address: u64, sink: &mut impl FnMut(Lead)) {
    let (words, _) = data.as_chunks::<4>();
    for (index, word) in words.iter().enumerate() {
        let distance = i64::from(i32::from_le_bytes(*word));
        sink(Lead::To(address.wrapping_add(index as u64 * 4).wrapping_add_signed(distance)));
    }
}

#[cfg(test)]
mod tests {
    use super::{Lead, of_arm_64, of_distances, of_pointers, of_x86_64};

    fn leads(run: impl Fn(&mut dyn FnMut(Lead))) -> Vec<Lead> {
        let mut found = Vec::new();
        run(&mut |lead| found.push(lead));
        found
    }

    #[test]
    fn an_operand_relative_to_the_next_instruction_leads_into() {
        // lea rdi, [rip + 0x10] at 0x1000.
        let found = leads(|mut sink| of_x86_64(b"\x48\x8d\x3d\x10\0\0\0", 0x1000, &mut sink));
        assert!(found.contains(&Lead::Into(0x1017)));
    }

    #[test]
    fn a_page_and_what_is_added_to_it_lead_into() {
        // adrp x0, 1 page on; add x0, x0, 0x123.
        let code = [0xb000_0000_u32.to_le_bytes(), (0x9100_0000_u32 | 0x123 << 10).to_le_bytes()].concat();
        let found = leads(|mut sink| of_arm_64(&code, 0x4000, &mut sink));
        assert!(found.contains(&Lead::Into(0x5123)));
    }

    #[test]
    fn a_pointer_and_a_distance_lead_to_their_ends() {
        let data = [0x4000_u64.to_le_bytes(), 0x8_u64.to_le_bytes()].concat();
        let found = leads(|mut sink| {
            of_pointers(&data, true, &mut sink);
            of_distances(&data, 0x100, &mut sink);
        });
        assert!(found.contains(&Lead::Into(0x4000)));
        assert!(found.contains(&Lead::To(0x110)));
    }
}
