//! Runs of instructions up to a return, each as one number that does not depend on where it lies.
//!
//! Code is decoded from its first byte to its last, without following jumps. Of an instruction its form and its
//! registers count; addresses, displacements and large immediate values do not, because linking changes them.

use iced_x86::{Code, Decoder, DecoderOptions, FlowControl, Instruction, OpKind};

/// Instructions of a run, at least; shorter ones are found everywhere.
const RUN_MIN: u32 = 12;

/// Immediate values below count: sizes, constants, characters. Addresses lie above.
const IMMEDIATE_MAX: u64 = 1 << 16;

/// Adds the numbers of the runs in some code of 32 or 64 bits.
pub(super) fn runs(code: &[u8], bitness: u32, out: &mut Vec<u64>) {
    let mut decoder = Decoder::new(bitness, code, DecoderOptions::NONE);
    let mut instruction = Instruction::default();
    let (mut number, mut len) = (0, 0);
    while decoder.can_decode() {
        decoder.decode_out(&mut instruction);
        if is_padding(&instruction) {
            continue;
        }
        let ends = is_end(&instruction);
        if !matches!(instruction.code(), Code::INVALID | Code::Int3) {
            number = mixed(number, of(&instruction));
            len += 1;
        }
        if ends {
            if len >= RUN_MIN {
                out.push(spread(number));
            }
            (number, len) = (0, 0);
        }
    }
}

/// What of an instruction does not depend on its place.
fn of(instruction: &Instruction) -> u64 {
    let mut number = instruction.code() as u64;
    for operand in 0..instruction.op_count() {
        let kind = instruction.op_kind(operand);
        let what = match kind {
            OpKind::Register => instruction.op_register(operand) as u64,
            OpKind::Memory => {
                let base = instruction.memory_base() as u64;
                base << 16 | (instruction.memory_index() as u64) << 4 | u64::from(instruction.memory_index_scale())
            }
            OpKind::NearBranch16 | OpKind::NearBranch32 | OpKind::NearBranch64 => 0,
            _ => {
                instruction.try_immediate(operand).ok().filter(|value| *value < IMMEDIATE_MAX).unwrap_or(IMMEDIATE_MAX)
            }
        };
        number = mixed(number, (kind as u64) << 32 | what);
    }
    number
}

/// What compilers put between functions.
fn is_padding(instruction: &Instruction) -> bool {
    matches!(
        instruction.code(),
        Code::Nopw | Code::Nopd | Code::Nopq | Code::Nop_rm16 | Code::Nop_rm32 | Code::Nop_rm64
    )
}

fn is_end(instruction: &Instruction) -> bool {
    let flow = instruction.flow_control();
    matches!(flow, FlowControl::Return | FlowControl::Exception)
        || matches!(instruction.code(), Code::INVALID | Code::Int3)
}

/// One step of a hash that depends on the order (Fowler, Noll and Vo, over words, with a turn).
fn mixed(number: u64, next: u64) -> u64 {
    (number ^ next).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(29)
}

/// Spreads the bits, so that the smallest numbers of a set are a fair sample of it (the last steps of SplitMix64).
fn spread(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}
