//! When somebody builds: hours, days of the week and time zones, over the build times of many files.
//!
//! Files of one build say the same once. So times are first collapsed to runs, and too few runs give no answer: a
//! working day of nine hours covers 9 of 24 hours of any clock, so that a handful of runs fits many time zones by
//! chance.

use jiff::{Timestamp, civil::Weekday, tz::Offset};

/// Runs below which nothing is said of hours, days or zones.
///
/// Runs at random hours fill the best of 24 bands of nine hours to three quarters in 1 of 10 cases where there are
/// 10 runs, in 1 of 100 where there are 20, and in fewer than 1 of 1,000 where there are 30. A test below draws them.
pub const BUILD_RUNS_MIN: usize = 30;

/// Hours between two builds of one run, at most.
const RUN_HOURS: i64 = 6;

/// Times of one call that are looked at, at most.
const TIMES_MAX: usize = 1 << 20;

/// Hours of a working day with its breaks.
const WORKDAY: usize = 9;

/// The local hour at which a working day is taken to begin.
const WORKDAY_BEGINS: i64 = 9;

/// Local hours at which a working day may begin, in either direction of that.
const BEGINS_WITHIN: i64 = 1;

/// The share of runs that a working day holds at least, in hundredths, before zones are named.
const SHARE_MIN: usize = 75;

const SECONDS_OF_AN_HOUR: i64 = 3600;

/// What build times say together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildHours {
    /// Runs, earliest first: the time of the first build of each, in seconds since 1970.
    pub runs: Vec<i64>,
    /// Runs by hour of the day in UTC.
    pub hours: [usize; 24],
    /// Runs by day of the week in UTC, Monday first.
    pub weekdays: [usize; 7],
    /// What follows of it.
    pub finding: HoursFinding,
}

/// What follows of build times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HoursFinding {
    /// There are fewer runs than [`BUILD_RUNS_MIN`]: nothing follows.
    TooFewRuns,
    /// No working day holds enough of the runs: they come at all hours, as those of machines do.
    NoWorkday,
    /// A band of hours holds most of the runs.
    Workday {
        /// Its first hour in UTC.
        from_utc: usize,
        /// How many of the runs it holds.
        held: usize,
        /// Differences from UTC, in whole hours, in which the band is a working day by the clock.
        offsets: Vec<i8>,
    },
}

/// Collapses build times, in seconds since 1970, to runs and says what the runs say of working hours.
///
/// Times that are hashes or fixed must not be handed over. Whoever builds at night, in shifts or on a machine that
/// works by a timetable is read wrongly, and stamps are cheap to set (forge cost F0).
#[must_use]
pub fn build_hours(times: &[i64]) -> BuildHours {
    let runs = runs(times);
    let mut hours = [0; 24];
    let mut weekdays = [0; 7];
    for time in runs.iter().filter_map(|run| Timestamp::from_second(*run).ok()) {
        let local = Offset::UTC.to_datetime(time);
        let day = local.weekday().since(Weekday::Monday);
        count(&mut hours, i64::from(local.hour()));
        count(&mut weekdays, i64::from(day));
    }
    let finding = if runs.len() < BUILD_RUNS_MIN { HoursFinding::TooFewRuns } else { workday(&hours, runs.len()) };
    BuildHours { runs, hours, weekdays, finding }
}

/// The first time of every run: times that lie close to the one before them belong to its run.
fn runs(times: &[i64]) -> Vec<i64> {
    let mut times: Vec<i64> = times.iter().copied().take(TIMES_MAX).collect();
    times.sort_unstable();
    let mut runs = Vec::new();
    let mut before = None;
    for time in times {
        if before.is_none_or(|before: i64| time.saturating_sub(before) > RUN_HOURS * SECONDS_OF_AN_HOUR) {
            runs.push(time);
        }
        before = Some(time);
    }
    runs
}

fn workday(hours: &[usize; 24], runs: usize) -> HoursFinding {
    let held = |from: usize| hours.iter().cycle().skip(from).take(WORKDAY).sum::<usize>();
    let most = (0..24).map(held).max().unwrap_or_default();
    if 100 * most < SHARE_MIN * runs {
        return HoursFinding::NoWorkday;
    }
    // Several bands may hold the same runs; the one in their middle is taken.
    let bands: Vec<usize> = (0..24).filter(|from| held(*from) == most).collect();
    let from_utc = middle(&bands);
    let begins = i64::try_from(from_utc).unwrap_or_default();
    let offsets = (-12..=14).filter(|offset| {
        let local = (begins + i64::from(*offset)).rem_euclid(24);
        (local - WORKDAY_BEGINS).abs() <= BEGINS_WITHIN
    });
    HoursFinding::Workday { from_utc, held: most, offsets: offsets.collect() }
}

/// The middle of hours that follow each other, perhaps over midnight.
fn middle(bands: &[usize]) -> usize {
    let is_band = |hour: usize| bands.contains(&(hour % 24));
    let first = bands.iter().copied().find(|hour| !is_band(hour + 23)).or(bands.first().copied()).unwrap_or_default();
    let len = (0..24).take_while(|into| is_band(first + into)).count();
    (first + len.saturating_sub(1) / 2) % 24
}

fn count(counts: &mut [usize], place: i64) {
    if let Some(count) = usize::try_from(place).ok().and_then(|place| counts.get_mut(place)) {
        *count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{BUILD_RUNS_MIN, BuildHours, HoursFinding, SHARE_MIN, WORKDAY, build_hours};

    const DAY: i64 = 86_400;

    /// Numbers that look random and are the same on every machine.
    fn numbers(seed: u64) -> impl Iterator<Item = u64> {
        std::iter::successors(Some(seed), |state| Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1)))
            .map(|state| state >> 33)
            .skip(1)
    }

    /// One build a working day between 9 and 17 hours local time, `zone` hours east of UTC.
    fn office(days: i64, zone: i64) -> BuildHours {
        // The first of January 2024 was a Monday.
        let monday = 1_704_067_200;
        let days = (0..days).filter(|day| day % 7 < 5);
        let times: Vec<i64> = days
            .zip(numbers(7))
            .map(|(day, number)| monday + day * DAY + (9 - zone) * 3600 + (number % (8 * 3600)) as i64)
            .collect();
        build_hours(&times)
    }

    #[test]
    fn office_hours_tell_the_zone() {
        for zone in [-8, -5, 0, 3, 8] {
            let HoursFinding::Workday { offsets, held, .. } = office(100, zone).finding else { panic!("zone {zone}") };
            assert!(offsets.contains(&(zone as i8)), "{zone}: {offsets:?}");
            assert!(offsets.len() <= 4 && held > 60);
        }
    }

    #[test]
    fn days_of_the_week_are_counted_in_utc() {
        assert_eq!(office(100, 0).weekdays, [15, 15, 14, 14, 14, 0, 0]);
    }

    #[test]
    fn many_files_of_one_build_are_one_run() {
        let times: Vec<i64> = (0..10_000).map(|number| 1_704_067_200 + number % 7200).collect();
        let hours = build_hours(&times);
        assert_eq!(hours.runs.len(), 1);
        assert_eq!(hours.finding, HoursFinding::TooFewRuns);
    }

    #[test]
    fn few_runs_are_refused_however_regular_they_are() {
        assert_eq!(office(20, 3).finding, HoursFinding::TooFewRuns);
        assert_eq!(build_hours(&[]).finding, HoursFinding::TooFewRuns);
        assert_eq!(build_hours(&[i64::MAX, i64::MIN]).finding, HoursFinding::TooFewRuns);
    }

    #[test]
    fn builds_at_all_hours_tell_no_zone() {
        let times: Vec<i64> = (0..200).map(|number| 1_704_067_200 + number * (DAY + 7 * 3600)).collect();
        assert_eq!(build_hours(&times).finding, HoursFinding::NoWorkday);
    }

    /// How often runs that come at random hours look like a working day, in 1,000 draws.
    fn false_workdays(runs: usize) -> usize {
        let mut numbers = numbers(11);
        let draws = (0..1000).filter(|_| {
            let mut hours = [0_usize; 24];
            numbers.by_ref().take(runs).for_each(|number| hours[(number % 24) as usize] += 1);
            let held = |from: usize| (from..from + WORKDAY).map(|hour| hours[hour % 24]).sum::<usize>();
            100 * (0..24).map(held).max().unwrap() >= SHARE_MIN * runs
        });
        draws.count()
    }

    #[test]
    fn the_least_number_of_runs_keeps_chance_out() {
        assert!(false_workdays(BUILD_RUNS_MIN) <= 2, "{}", false_workdays(BUILD_RUNS_MIN));
        assert!(false_workdays(10) >= 50, "{}", false_workdays(10));
    }
}
