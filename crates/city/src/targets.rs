//! The figures the plan is built to meet, all as of [`AS_OF`]. No other module but the tests names them.
//!
//! Areas are in square centimetres, money is in fen.

use chrono::NaiveDate;

use crate::calendar::day;

/// The day the figures are counted on.
pub const AS_OF: NaiveDate = day(2023, 12, 31);

/// Last day with any event in the plan.
pub const HORIZON: NaiveDate = day(2024, 1, 31);

/// Units on the first coverage list.
pub const LISTED_FIRST: usize = 100;
/// Units on the second coverage list.
pub const LISTED: usize = 102;
/// Units in one batch.
pub const UNITS_PER_BATCH: usize = 5;
/// Districts.
pub const DISTRICTS: usize = 6;
/// Standing municipal teams.
pub const TEAMS: usize = 5;

/// Problems fed back in the term.
pub const FED_BACK: usize = 1130;
/// Of these, fed back before 2023.
pub const FED_BACK_BEFORE_2023: usize = 16;
/// Of these, found by the inspection of bidding.
pub const BIDDING_PROBLEMS: usize = 191;
/// Of these, found through 巡审联动.
pub const AUDIT_PROBLEMS: usize = 128;
/// Of these, closed.
pub const CLOSED: usize = 1050;
/// Of the closed ones, reopened and closed again.
pub const CLOSED_AGAIN: usize = 12;
/// Of those not closed, closed once and reopened.
pub const REOPENED: usize = 7;
/// Of those not closed, moved to the long term.
pub const LONG_TERM: usize = 9;
/// Of those not closed, overdue for months.
pub const LONG_OVERDUE: usize = 10;

/// Leads transferred in 2023.
pub const LEADS_2023: usize = 120;
/// Leads transferred in 2022.
pub const LEADS_2022: usize = 9;
/// Leads transferred in January 2024.
pub const LEADS_2024: usize = 6;
/// Leads found through 巡审联动, all transferred by [`AS_OF`].
pub const AUDIT_LEADS: usize = 10;
/// Projects transferred from the inspection of bidding.
pub const SUSPECT_PROJECTS: usize = 54;

/// Suggestions from the inspection of bidding.
pub const BIDDING_SUGGESTIONS: usize = 16;
/// Suggestions in the special reports: the one of 2022, then the two of 2023.
pub const REPORT_SUGGESTIONS: [usize; 3] = [8, 11, 10];
/// Common problems handed over in 2023.
pub const COMMON_PROBLEMS_2023: usize = 345;
/// Common problems handed over in 2022.
pub const COMMON_PROBLEMS_2022: usize = 7;

/// Rules built from the rectification of state assets.
pub const ASSET_RULES: usize = 358;
/// Rules built through 巡审联动.
pub const AUDIT_RULES: usize = 42;
/// Rules built from any other rectification.
pub const OTHER_RULES: usize = 163;

/// One 万㎡ in square centimetres.
const TEN_THOUSAND_SQUARE_METRES: i64 = 100_000_000;
/// Property found idle: 782.62 万㎡.
pub const IDLE_FOUND_CM2: i64 = 78_262 * TEN_THOUSAND_SQUARE_METRES / 100;
/// Put to use before the push: 450.50 万㎡.
pub const ACTIVATED_BEFORE_CM2: i64 = 45_050 * TEN_THOUSAND_SQUARE_METRES / 100;
/// Put to use by the push: 276.63 万㎡.
pub const ACTIVATED_BY_PUSH_CM2: i64 = 27_663 * TEN_THOUSAND_SQUARE_METRES / 100;
/// Income of all movements: 42.28 亿元.
pub const ASSET_INCOME_FEN: i64 = 4_228 * 1_000_000 * 100;

/// Deputies sent to the districts in 2023, one each.
pub const DEPUTIES_SENT_2023: usize = DISTRICTS;
/// Problems of the special check, by district.
pub const DISTRICT_CHECK_PROBLEMS: [usize; 2] = [17, 16];
