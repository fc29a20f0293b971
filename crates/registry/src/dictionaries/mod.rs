//! Dictionaries (字典): the values an office may vary, each with the days it holds and the text it rests on.
//!
//! An item is never rewritten once it is in use: a new version begins on a day and closes the old one
//! the day before, so that old records keep the words that held when they were made.

pub mod actions;
mod seed;
mod service;
mod store;

use chrono::NaiveDate;
use kit::{Actor, Pred, Role, labelled};

pub use seed::seed;
pub use service::service;
pub use store::Model as DictionaryItem;
pub use store::find;

/// Path segment of the noun.
pub const NOUN: &str = "dictionaries";

kit::id!(
    /// Identity of one version of a dictionary's item.
    ItemId
);

labelled! {
    /// The dictionaries there are; forms and columns name them by code.
    pub enum Dictionary: "字典" {
        /// First level of the supervision framework.
        Framework1 = "framework_1" => "监督重点（一级）", Grey;
        /// Second level of the supervision framework.
        Framework2 = "framework_2" => "监督重点（二级）", Grey;
        /// First level of the local categories of problems.
        Category1 = "category_1" => "问题类别（一级）", Grey;
        /// Second level of the local categories of problems.
        Category2 = "category_2" => "问题类别（二级）", Grey;
        /// Key fields of supervision.
        Field = "field" => "重点领域", Grey;
        /// Nature of a problem.
        ProblemNature = "problem_nature" => "问题性质", Grey;
        /// Kind of responsibility.
        ResponsibilityKind = "responsibility_kind" => "责任类型", Grey;
        /// The six disciplines.
        DisciplineKind = "discipline_kind" => "违反纪律类别", Grey;
        /// Where a problem became known.
        ProblemSource = "problem_source" => "问题来源", Grey;
        /// Category of a lead.
        LeadCategory = "lead_category" => "线索类别", Grey;
        /// Where a lead came from.
        LeadSource = "lead_source" => "线索来源", Grey;
        /// Route of a lead.
        LeadRoute = "lead_route" => "线索移交去向", Grey;
        /// Field of a suggestion.
        SuggestionField = "suggestion_field" => "建议领域", Grey;
        /// How the result of an inspection is used.
        ResultUseKind = "result_use_kind" => "成果运用方式", Grey;
        /// Kind of meeting.
        MeetingKind = "meeting_kind" => "会议类型", Grey;
        /// Channel of a petition.
        PetitionChannel = "petition_channel" => "信访渠道", Grey;
        /// What is decided on a petition.
        PetitionDecision = "petition_decision" => "信访处理意见", Grey;
        /// What a petition is about.
        PetitionCategory = "petition_category" => "信访类别", Grey;
        /// What the writer of a letter is told by its query code.
        IntakeWord = "intake_word" => "网上来信查询答复", Grey;
        /// What a summary of a talk is about.
        TalkClass = "talk_class" => "谈话内容类别", Grey;
        /// Questions of a talk, by kind of person.
        TalkOutline = "talk_outline" => "谈话提纲", Grey;
        /// Questions of a questionnaire.
        QuestionnaireItem = "questionnaire_item" => "问卷题目", Grey;
        /// Parts of the public announcement.
        AnnouncementText = "announcement_text" => "公告文本", Grey;
        /// Conclusion on a doubt.
        DoubtConclusion = "doubt_conclusion" => "疑点核查结论", Grey;
        /// Opinion on closing a problem.
        CloseoutOpinion = "closeout_opinion" => "销号意见", Grey;
        /// Grade of an evaluation.
        EvaluationGrade = "evaluation_grade" => "评估等次", Grey;
        /// Speciality of an inspector.
        Speciality = "speciality" => "专长", Grey;
        /// Sections of reports; codes `KIND.POSITION.CONTENT`.
        ReportSection = "report_section" => "报告章节", Grey;
        /// Faults that reports are found to have.
        ReportFault = "report_fault" => "报告典型问题", Grey;
        /// How long a file is kept.
        Retention = "retention" => "保管期限", Grey;
    }
}

/// Everybody with a business post may look words up; the three administrators have none.
pub fn visible(actor: &Actor) -> Pred {
    if actor.program || actor.posts.iter().any(|post| !post.role.is_administrator()) {
        Pred::All
    } else {
        Pred::Nothing
    }
}

/// Who keeps the dictionaries.
pub fn may_keep(actor: &Actor) -> bool {
    actor.is(Role::OfficeDirector)
}

impl DictionaryItem {
    /// Whether the item holds on `day`.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|to| day <= to)
    }
}
