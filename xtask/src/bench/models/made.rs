//! Files for measurements, made from a seed: a market of bids with its contracts, and compiled releases. Nobody in them
//! is real.

use std::{
    fmt::Write as _,
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
};

use anyhow::Result;

/// A small generator (SplitMix64): the files only need to look alike from run to run.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// From 0 to 1.
    fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn in_100(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// Writes a file line by line through one buffer.
struct Lines {
    out: BufWriter<File>,
    line: String,
}

impl Lines {
    fn new(path: &Path, heading: &str) -> Result<Self> {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
        writeln!(out, "{heading}")?;
        Ok(Self { out, line: String::new() })
    }

    fn end(&mut self) -> Result<()> {
        self.line.push('\n');
        self.out.write_all(self.line.as_bytes())?;
        self.line.clear();
        Ok(())
    }

    fn close(mut self) -> Result<()> {
        self.out.flush()?;
        Ok(())
    }
}

fn day(number: u64) -> String {
    format!("{}-{:02}-{:02}", 2019 + number / 360 % 6, number / 30 % 12 + 1, number % 28 + 1)
}

/// All columns that models of bidding ask for, but the texts of bids: five bidders in each tender.
pub(super) fn bids(path: &Path, tenders: u64, firms: u64) -> Result<()> {
    let mut file = Lines::new(
        path,
        "标段编号,招标人,代理机构,招标方式,最高投标限价,公告日期,开标日期,投标人,投标报价,是否有效投标,是否中标,中标金额,MAC地址,硬盘序列号,CPU序列号,加密锁号,IP地址,上传时间,文件作者,保证金付款账号,保证金付款人,授权委托人,联系人,联系电话,项目负责人",
    )?;
    let mut chance = Chance::new(1);
    for tender in 0..tenders {
        tender_rows(&mut file, tender, tenders, firms, &mut chance)?;
    }
    file.close()
}

const BIDDERS: u64 = 5;

fn tender_rows(file: &mut Lines, tender: u64, tenders: u64, firms: u64, chance: &mut Chance) -> Result<()> {
    // One tender in fifty goes to one of a thousand rings, whose members stand side by side among the firms.
    let ring = chance
        .in_100(2)
        .then(|| chance.below(1_000.min(firms / 50 + 1)) * 7 % firms.saturating_sub(8).max(1));
    let cost = (11.0 + 4.0 * chance.share()).exp();
    let (owner, agent) = (chance.below(2_000), chance.below(300));
    let published = tender * 2_160 / tenders.max(1);
    let (published_on, opened_on) = (day(published), day(published + 20 + chance.below(9)));
    let amounts: Vec<f64> = (0..BIDDERS).map(|_| cost * (0.9 + 0.25 * chance.share())).collect();
    let lowest = amounts.iter().copied().fold(f64::INFINITY, f64::min);
    let seen: Vec<u64> = (0..BIDDERS)
        .map(|at| match ring {
            Some(first) if at < 4 => first + at,
            _ => (chance.share().powi(2) * firms as f64) as u64,
        })
        .collect();
    let same_machine = chance.in_100(1);
    for (at, (firm, amount)) in seen.iter().zip(&amounts).enumerate() {
        let machine = if same_machine && at < 2 { tender } else { chance.below(1 << 40) };
        let won = *amount <= lowest;
        let method = if tender.is_multiple_of(20) { "邀请招标" } else { "公开招标" };
        write!(
            file.line,
            "BD{tender:07},{owner}号建设单位,{agent}号代理有限公司,{method},{:.2},{published_on},{opened_on},澜江{firm}号建设工程有限公司,{amount:.2},是,{},{},",
            cost * 1.2,
            if won { "是" } else { "否" },
            if won { format!("{amount:.2}") } else { String::new() },
        )?;
        let octet = |shift: u32| machine >> shift & 255;
        write!(
            file.line,
            "{:02X}-{:02X}-{:02X}-{:02X}-{:02X}-5C,WD{machine:012},BFEB{machine:012X},L{:08},36.{}.{}.{},2024-05-{:02} {:02}:{:02}:00,作者{firm},6222{:012},澜江{firm}号建设工程有限公司,委托人{},联系人{},139{:08},经理{}",
            octet(0),
            octet(8),
            octet(16),
            octet(24),
            octet(32),
            if same_machine && at < 2 { tender % 90_000_000 } else { chance.below(90_000_000) },
            octet(3),
            octet(11),
            octet(19),
            chance.below(28) + 1,
            chance.below(24),
            chance.below(60),
            firm * 7_919 + 11,
            firm * 3 + at as u64 % 2,
            firm * 2,
            firm * 1_009 % 100_000_000,
            firm * 4 + chance.below(3),
        )?;
        file.end()?;
    }
    Ok(())
}

/// One contract for each tender, and two payments for each contract.
pub(super) fn contracts(contracts: &Path, payments: &Path, tenders: u64, firms: u64) -> Result<()> {
    let mut held = Lines::new(
        contracts,
        "合同编号,标段编号,发包人,承包人,项目类别,采购方式,采用该方式的理由,中标金额,合同金额,结算金额,变更次数,签订日期,开工日期,中标日期,验收日期,分包人,分包金额",
    )?;
    let mut paid = Lines::new(payments, "合同编号,付款日期,付款金额")?;
    let mut chance = Chance::new(2);
    for tender in 0..tenders {
        let amount = (11.0 + 4.0 * chance.share()).exp();
        let signed = tender * 2_000 / tenders.max(1) + 40;
        let final_amount = amount * (0.98 + if chance.in_100(3) { 0.3 } else { 0.04 } * chance.share());
        let subcontractor = if chance.in_100(10) {
            format!("澜江{}号建设工程有限公司", chance.below(firms))
        } else {
            String::new()
        };
        write!(
            held.line,
            "HT{tender:07},BD{tender:07},{}号建设单位,澜江{}号建设工程有限公司,类别{},公开招标,,{amount:.2},{amount:.2},{final_amount:.2},{},{},{},{},{},{subcontractor},{}",
            chance.below(2_000),
            chance.below(firms),
            chance.below(40),
            chance.below(3),
            day(signed),
            day(signed + 5 + chance.below(40)),
            day(signed.saturating_sub(10)),
            day(signed + 200),
            if subcontractor.is_empty() { String::new() } else { format!("{:.2}", amount * 0.2) },
        )?;
        held.end()?;
        for part in 0..2 {
            write!(paid.line, "HT{tender:07},{},{:.2}", day(signed + 30 + part * 60), amount * 0.3)?;
            paid.end()?;
        }
    }
    held.close()?;
    paid.close()
}

/// Three people for each firm; one official in a hundred firms' circles.
pub(super) fn people(parties: &Path, officials: &Path, firms: u64) -> Result<()> {
    let mut held = Lines::new(parties, "企业,关系人,关系,持股比例")?;
    let mut kin = Lines::new(officials, "招标人,公职人员,亲属,亲属关系")?;
    let mut chance = Chance::new(3);
    for firm in 0..firms {
        for role in ["法定代表人", "股东", "监事"] {
            let person = if chance.in_100(1) { chance.below(firms) } else { firm * 3 + chance.below(3) };
            write!(held.line, "澜江{firm}号建设工程有限公司,关系人{person},{role},{:.2}", chance.share())?;
            held.end()?;
        }
        if firm % 10 == 0 {
            write!(
                kin.line,
                "{}号建设单位,干部{firm},关系人{},配偶",
                chance.below(2_000),
                chance.below(firms * 3)
            )?;
            kin.end()?;
        }
    }
    held.close()?;
    kin.close()
}

/// A workbook's rows as csv is made by the caller; here a narrow file for facets: a value of 500, one of a million.
pub(super) fn narrow(path: &Path, rows: u64) -> Result<()> {
    let mut file = Lines::new(path, "类别,编号,金额")?;
    let mut chance = Chance::new(4);
    for _ in 0..rows {
        write!(
            file.line,
            "类别{},N{},{}",
            (chance.share().powi(2) * 500.0) as u64,
            chance.below(1_000_000),
            chance.below(1 << 20)
        )?;
        file.end()?;
    }
    file.close()
}

/// Compiled releases, one a line, with everything that the eleven indicators look at and some of what they must bear:
/// late bids, equal bids, disqualified bids, several winners, other currencies, cancelled tenders, missing parts.
pub(super) fn releases(path: &Path, count: u64) -> Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut chance = Chance::new(5);
    let mut line = String::new();
    for number in 0..count {
        release(&mut line, number, &mut chance)?;
        out.write_all(line.as_bytes())?;
        line.clear();
    }
    out.flush()?;
    Ok(())
}

fn release(line: &mut String, number: u64, chance: &mut Chance) -> Result<()> {
    let bids = 1 + chance.below(7);
    let cost = (9.0 + 4.0 * chance.share()).exp();
    let start = chance.below(27) + 1;
    let length = chance.below(40);
    let (end_month, end_day) = (1 + (start + length) / 28, (start + length) % 28 + 1);
    let method =
        ["open", "selective", "limited", "direct"].get(chance.below(4) as usize).copied().unwrap_or("open");
    let status = if chance.in_100(3) { "cancelled" } else { "complete" };
    write!(
        line,
        "{{\"ocid\":\"ocds-213czf-{number}\",\"id\":\"{number}\",\"date\":\"2024-03-01T00:00:00Z\",\"tag\":[\"compiled\"],\"language\":\"zh\",\
         \"buyer\":{{\"id\":\"B{}\",\"name\":\"采购人\"}},\"tender\":{{\"id\":\"T{number}\",\"title\":\"道路养护与照明设施更新工程\",\
         \"description\":\"包括路面修补、排水管疏通、路灯更换以及为期两年的维护服务，具体内容见采购文件。\",\"status\":\"{status}\",\
         \"procurementMethod\":\"{method}\",\"procurementMethodDetails\":\"办法{}\",\"awardCriteria\":\"priceOnly\",\
         \"procuringEntity\":{{\"id\":\"P{}\",\"name\":\"采购实体\"}},\"tenderPeriod\":{{\"startDate\":\"2024-01-{start:02}T09:00:00Z\",\
         \"endDate\":\"2024-{end_month:02}-{end_day:02}T17:00:00Z\"}},\"numberOfTenderers\":{bids},\"items\":[",
        chance.below(2_000),
        chance.below(6),
        chance.below(3_000),
    )?;
    for item in 0..3 {
        let comma = if item == 0 { "" } else { "," };
        write!(
            line,
            "{comma}{{\"id\":\"{item}\",\"description\":\"材料与人工\",\"quantity\":{},\"unit\":{{\"name\":\"项\",\"value\":{{\"amount\":{}.5,\"currency\":\"CNY\"}}}},\
             \"classification\":{{\"scheme\":\"CPV\",\"id\":\"{:08}\"}}}}",
            chance.below(900) + 1,
            chance.below(90_000),
            chance.below(90) * 1_000_000,
        )?;
    }
    line.push_str("]},\"bids\":{\"details\":[");
    let mut tenderers: Vec<(u64, f64)> = Vec::new();
    // Rare, since the publisher's program writes a line for each.
    let currency = if chance.below(5_000) == 0 { "USD" } else { "CNY" };
    let mut before = 0.0;
    for bid in 0..bids {
        let tenderer = chance.below(2_000) * 7 + bid;
        let mut amount = (cost * (1.0 + 0.3 * chance.share()) * 100.0).round() / 100.0;
        if bid > 0 && chance.in_100(4) {
            amount = before;
        }
        before = amount;
        tenderers.push((tenderer, amount));
        let status = if chance.in_100(12) { "disqualified" } else { "valid" };
        let late = if chance.in_100(2) { "2025-01-01" } else { "2024-01-02" };
        let comma = if bid == 0 { "" } else { "," };
        write!(
            line,
            "{comma}{{\"id\":\"{bid}\",\"status\":\"{status}\",\"date\":\"{late}T10:00:00Z\",\"value\":{{\"amount\":{amount},\"currency\":\"{currency}\"}},\
             \"tenderers\":[{{\"id\":\"S{tenderer}\",\"name\":\"投标单位{tenderer}\"}}]}}",
        )?;
    }
    line.push_str("]}");
    if !chance.in_100(5) {
        // Some tenderers bid as often as others and never win.
        let may_win: Vec<(u64, f64)> =
            tenderers.iter().copied().filter(|(tenderer, _)| tenderer / 7 % 90 != 0).collect();
        let (winner, price) =
            may_win.get(chance.below(may_win.len() as u64) as usize).copied().unwrap_or((1, cost));
        let price = if chance.in_100(1) { price * 2.0 } else { price };
        let status = if chance.in_100(4) { "pending" } else { "active" };
        write!(
            line,
            ",\"awards\":[{{\"id\":\"{number}-1\",\"status\":\"{status}\",\"date\":\"2024-02-20T00:00:00Z\",\"value\":{{\"amount\":{price:.2},\"currency\":\"{currency}\"}},\
             \"suppliers\":[{{\"id\":\"S{winner}\",\"name\":\"投标单位{winner}\"}}],\"items\":[{{\"id\":\"0\",\"classification\":{{\"scheme\":\"CPV\",\"id\":\"{:08}\"}}}}]}}]",
            chance.below(90) * 1_000_000,
        )?;
    }
    line.push_str(",\"contracts\":[{\"id\":\"c\",\"status\":\"active\",\"period\":{\"startDate\":\"2024-03-01T00:00:00Z\",\"endDate\":\"2025-03-01T00:00:00Z\"}}]}\n");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_are_made_each_time_and_releases_are_json() {
        let (mut one, mut other) = (Chance::new(5), Chance::new(5));
        for number in 0..50 {
            let (mut line, mut again) = (String::new(), String::new());
            release(&mut line, number, &mut one).unwrap();
            release(&mut again, number, &mut other).unwrap();
            assert_eq!(line, again);
            serde_json::from_str::<serde_json::Value>(&line).unwrap();
        }
    }
}
