//! Solves small symmetric positive definite systems.

/// Returns `x` with `matrix · x = right`; none where the matrix is not positive definite.
///
/// Cholesky's factorisation after scaling the diagonal to one, so that features of unlike units do no harm.
/// Only the lower triangle is read.
#[expect(clippy::indexing_slicing, reason = "every index is below the number of rows, which is checked first")]
pub(super) fn solve(matrix: &[Vec<f64>], right: &[f64]) -> Option<Vec<f64>> {
    let size = right.len();
    if matrix.len() != size || matrix.iter().any(|row| row.len() != size) {
        return None;
    }
    let scale: Vec<f64> = (0..size).map(|index| 1.0 / libm::sqrt(matrix[index][index])).collect();
    if scale.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let mut factor = vec![vec![0.0; size]; size];
    for row in 0..size {
        for column in 0..=row {
            let known: f64 = (0..column).map(|index| factor[row][index] * factor[column][index]).sum();
            let rest = matrix[row][column] * scale[row] * scale[column] - known;
            factor[row][column] = if row == column {
                if rest <= 1e-14 {
                    return None;
                }
                libm::sqrt(rest)
            } else {
                rest / factor[column][column]
            };
        }
    }
    let mut solution: Vec<f64> = right.iter().zip(&scale).map(|(value, scale)| value * scale).collect();
    for row in 0..size {
        let known: f64 = (0..row).map(|index| factor[row][index] * solution[index]).sum();
        solution[row] = (solution[row] - known) / factor[row][row];
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|index| factor[index][row] * solution[index]).sum();
        solution[row] = (solution[row] - known) / factor[row][row];
    }
    Some(solution.iter().zip(&scale).map(|(value, scale)| value * scale).collect())
}

#[cfg(test)]
mod tests {
    use super::solve;

    #[test]
    fn solves_what_can_be_solved() {
        let found = solve(&[vec![4.0, 0.0], vec![2.0, 3.0]], &[10.0, 8.0]).unwrap();
        assert!((found[0] - 1.75).abs() < 1e-12 && (found[1] - 1.5).abs() < 1e-12, "{found:?}");
        assert_eq!(solve(&[vec![1.0, 0.0], vec![1.0, 1.0]], &[1.0, 1.0]), None);
        assert_eq!(solve(&[vec![0.0]], &[1.0]), None);
        assert_eq!(solve(&[vec![1.0]], &[1.0, 2.0]), None);
        assert_eq!(solve(&[], &[]), Some(vec![]));
    }
}
