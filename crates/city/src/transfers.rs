//! What is handed to other bodies because it may break discipline or law: leads and suspect projects.

use chrono::NaiveDate;

use crate::keys::{InspectedUnitKey, InspectionKey, LeadKey, OrganisationKey};
use crate::problems::Discipline;

/// Which way a lead goes (移交去向).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Route {
    /// 纪检监察机关.
    Discipline,
    /// 组织部门.
    Organisation,
    /// 主管部门.
    Competent,
}

/// How a lead is handed over (移交方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransferMode {
    /// 单移交.
    Single,
    /// 双移交.
    Double,
}

/// How the receiver deals with a lead (处置方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Disposal {
    /// 谈话函询.
    TalkOrInquiry,
    /// 初步核实.
    PreliminaryCheck,
    /// 暂存待查.
    Stored,
    /// 予以了结.
    Concluded,
}

/// What came out of a lead (处理结果).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LeadResult {
    /// 立案审查调查.
    CaseFiled,
    /// 党纪政务处分.
    Punished,
    /// 组织处理.
    OrganisationalMeasure,
    /// 诫勉或谈话提醒.
    Admonished,
    /// 批评教育.
    Criticised,
    /// 了结澄清.
    Cleared,
    /// 移送司法.
    Prosecuted,
}

/// A problem lead (问题线索).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// Its own key.
    pub key: LeadKey,
    /// Unique number.
    pub number: String,
    /// The inspected unit it came from.
    pub unit: InspectedUnitKey,
    /// Invented name of the person reflected.
    pub person: String,
    /// The person's post.
    pub title: String,
    /// Rank (职级).
    pub rank: &'static str,
    /// What is reflected.
    pub content: String,
    /// Class by the six disciplines.
    pub discipline: Discipline,
    /// Found through 巡审联动.
    pub audit_linked: bool,
    /// Which way it went.
    pub route: Route,
    /// The receiving body.
    pub receiver: OrganisationKey,
    /// How it was handed over.
    pub mode: TransferMode,
    /// Handed over before the report (边巡边移).
    pub early: bool,
    /// Approval of the transfer.
    pub approved_on: NaiveDate,
    /// Day of the transfer.
    pub transferred_on: NaiveDate,
    /// Day of the receipt.
    pub received_on: Option<NaiveDate>,
    /// How the receiver deals with it, and since when.
    pub disposal: Option<(Disposal, NaiveDate)>,
    /// What came out of it, and when it was reported back.
    pub result: Option<(LeadResult, NaiveDate)>,
}

/// What came of a suspect project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProjectResult {
    /// 行政处罚.
    Fined,
    /// 列入不良行为记录.
    Blacklisted,
    /// 移送公安机关.
    HandedToPolice,
    /// 责令整改.
    OrderedToCorrect,
    /// 经查不属实.
    NotConfirmed,
}

/// A project suspected of breaking law or rules (涉嫌违法违规项目).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuspectProject {
    /// Unique number.
    pub number: String,
    /// The inspection.
    pub inspection: InspectionKey,
    /// The inspected unit responsible for the project or its supervision.
    pub unit: InspectedUnitKey,
    /// Name of the project.
    pub name: String,
    /// Contract price, in fen.
    pub contract_fen: i64,
    /// Invented bidders.
    pub bidders: Vec<String>,
    /// The suspicion.
    pub suspicion: String,
    /// The receiving authority.
    pub receiver: OrganisationKey,
    /// Day of the transfer.
    pub transferred_on: NaiveDate,
    /// Day of the receipt.
    pub received_on: NaiveDate,
    /// What came of it, and when it was reported back.
    pub result: Option<(ProjectResult, NaiveDate)>,
}
