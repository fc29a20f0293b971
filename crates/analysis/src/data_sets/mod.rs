//! Data sets (数据集): what the inspected side or another body handed over for one inspection. Kept encrypted, used for
//! their purpose alone, out of the task only by decision, destroyed by two people.

pub mod actions;
mod jobs;
pub(crate) mod service;
pub(crate) mod store;

use kit::{Actor, Lifecycle, Pred, Role, labelled, numbers::Series};
use uuid::Uuid;

pub(crate) use jobs::fill;
pub use jobs::{ERASE, IMPORT, RUN};
pub use service::service;
pub(crate) use service::{domain_label, odd_cells};
pub use store::{ActiveModel, Column, Entity};
pub use store::{Model as DataSet, Steps, columns, find, steps_of};

/// Path segment of the noun.
pub const NOUN: &str = "data_sets";
/// Under this name the files of data sets are kept aside; it is no service, so they have no address.
pub const FILES: &str = "data_set_files";
/// Numbers of data sets: `SJ-2023-0007`.
pub const SERIES: Series = Series { prefix: "SJ", table: "data_set" };

kit::id!(
    /// Identity of a data set.
    DataSetId
);

labelled! {
    /// Where a data set stands.
    pub enum State: "数据状态" {
        /// The file is there, its columns are not.
        Received = "received" => "待导入", Yellow;
        /// It can be looked at and run over.
        Ready = "ready" => "可用", Green;
        /// Somebody asks to take it out of the task.
        LeaveAsked = "leave_asked" => "带出待批", Orange;
        /// Somebody asks to destroy it.
        DestroyAsked = "destroy_asked" => "销毁待复核", Orange;
        /// It is gone; what was done with it stays on record.
        Destroyed = "destroyed" => "已销毁", Grey;
    }
}

labelled! {
    /// What can be done to a data set.
    pub enum Deed: "数据办理" {
        /// Read the file again.
        Import = "import" => "重新导入", Blue;
        /// Add a step of cleaning.
        Clean = "clean" => "清洗", Blue;
        /// Take the last step of cleaning back.
        Undo = "undo" => "撤销一步", Blue;
        /// Run a model over it.
        Run = "run" => "运行模型", Blue;
        /// Draw a sample.
        Sample = "sample" => "抽样", Blue;
        /// Correct what is said about it.
        Edit = "edit" => "更正登记", Blue;
        /// Ask for leave to take it out of the task.
        AskLeave = "ask_leave" => "申请带出", Orange;
        /// Allow that.
        AllowLeave = "allow_leave" => "批准带出", Orange;
        /// Refuse that.
        RefuseLeave = "refuse_leave" => "不准带出", Grey;
        /// Keep it longer.
        Prolong = "prolong" => "延长保存", Orange;
        /// Ask to destroy it.
        AskDestroy = "ask_destroy" => "申请销毁", Red;
        /// Destroy it as the second person.
        Destroy = "destroy" => "复核销毁", Red;
        /// Send the request back.
        Keep = "keep" => "退回销毁申请", Grey;
    }
}

labelled! {
    /// How data came.
    pub enum Handover: "交接方式" {
        /// On a disc.
        Disc = "disc" => "光盘", Grey;
        /// On a mobile medium kept for the purpose.
        Medium = "medium" => "专用移动介质", Grey;
        /// Over the intranet.
        Intranet = "intranet" => "内网传输", Grey;
        /// Taken on site from the system by the unit's own people.
        OnSite = "on_site" => "现场导出", Grey;
    }
}

/// What of data sets is seen by `actor`: the director and the own team; nobody else needs the data themselves.
pub(crate) fn reach(actor: &Actor) -> Pred {
    actor.reach([
        (Role::OfficeDirector, Pred::All),
        (Role::TeamHead, actor.own_inspections(Role::TeamHead)),
        (Role::TeamMember, actor.own_inspections(Role::TeamMember)),
    ])
}

/// Whether `actor` may bring data into `inspection`.
pub fn may_create(actor: &Actor, inspection: Uuid) -> bool {
    actor.is(Role::OfficeDirector) || actor.in_team(inspection)
}

impl Lifecycle for DataSet {
    type State = State;
    type Deed = Deed;

    fn state(&self) -> State {
        self.state
    }

    fn transition(state: State, deed: Deed) -> Option<State> {
        match (state, deed) {
            (State::Received | State::Ready, Deed::Import | Deed::Edit | Deed::Prolong) => Some(state),
            (State::Ready, Deed::Clean | Deed::Undo | Deed::Run | Deed::Sample)
            | (State::LeaveAsked, Deed::AllowLeave | Deed::RefuseLeave)
            | (State::DestroyAsked, Deed::Keep) => Some(State::Ready),
            (State::Ready, Deed::AskLeave) => Some(State::LeaveAsked),
            (State::Received | State::Ready, Deed::AskDestroy) => Some(State::DestroyAsked),
            (State::DestroyAsked, Deed::Destroy) => Some(State::Destroyed),
            _ => None,
        }
    }

    fn may(&self, actor: &Actor, deed: Deed) -> bool {
        let director = actor.is(Role::OfficeDirector);
        let leads = director || actor.is_for(Role::TeamHead, self.inspection_id);
        let another = |first: Option<Uuid>| first.is_none() || first != actor.account;
        match deed {
            Deed::AskLeave | Deed::AskDestroy => leads,
            Deed::AllowLeave | Deed::RefuseLeave => director && another(self.leave_by),
            Deed::Prolong => director,
            Deed::Destroy | Deed::Keep => leads && another(self.destroy_by),
            _ => director || actor.in_team(self.inspection_id),
        }
    }

    fn visible(actor: &Actor) -> Pred {
        reach(actor)
    }
}

impl DataSet {
    /// Whether its rows can be looked at.
    pub fn is_readable(&self) -> bool {
        self.columns_id.is_some() && self.state != State::Destroyed
    }

    /// Whether it may be taken out of the task on `day`.
    pub fn may_leave(&self, day: chrono::NaiveDate) -> bool {
        self.is_readable() && self.leave_until.is_some_and(|until| day <= until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::Labelled as _;
    use planning::samples;

    #[test]
    fn nobody_but_the_director_and_the_own_team_sees_data() {
        for &role in Role::ALL {
            let sees = DataSet::visible(&samples::concerned(role)) != Pred::Nothing;
            let may = matches!(role, Role::OfficeDirector | Role::TeamHead | Role::TeamMember);
            assert_eq!(sees, may, "{}", role.label());
        }
    }

    #[test]
    fn nobody_decides_on_a_request_of_his_own() {
        let head = samples::concerned(Role::TeamHead);
        let mut set = store::sample(State::DestroyAsked);
        set.destroy_by = head.account;
        assert!(!set.may(&head, Deed::Destroy));
        set.destroy_by = Some(samples::OTHER);
        assert!(set.may(&head, Deed::Destroy));
        let director = samples::concerned(Role::OfficeDirector);
        let mut set = store::sample(State::LeaveAsked);
        set.leave_by = director.account;
        assert!(!set.may(&director, Deed::AllowLeave));
        assert!(!set.may(&head, Deed::AllowLeave));
    }

    #[test]
    fn what_is_destroyed_stays_so() {
        for &deed in Deed::ALL {
            assert_eq!(DataSet::transition(State::Destroyed, deed), None);
        }
    }
}
