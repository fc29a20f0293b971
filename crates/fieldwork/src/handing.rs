//! Handing a lead or a suspect project to one body or two: the choice, its checks, its form.

use chrono::NaiveDate;
use kit::{Actor, Cx, Field, Form, Pred, Refusal, Result, Role, WriteCx};
use registry::{
    organisations::{self, OrganisationId, OrganisationKind},
    transfers::{Kind, Mode, Sending, TransferId, actions},
};
use uuid::Uuid;

use kit::dates;

/// To whom something is handed, how and when.
#[derive(Clone, Debug)]
pub struct Handing {
    /// The body that receives it.
    pub recipient: OrganisationId,
    /// The other body of a double transfer.
    pub second: Option<OrganisationId>,
    /// One body or two.
    pub mode: Mode,
    /// The day.
    pub on: NaiveDate,
}

/// What is handed over.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    /// What it is.
    pub(crate) kind: Kind,
    /// Its noun.
    pub(crate) noun: &'static str,
    /// The record.
    pub(crate) id: Uuid,
    /// What the transfer is called; nothing sealed.
    pub(crate) title: String,
    /// The inspection it comes from.
    pub(crate) inspection: Uuid,
    /// The organisation it is about.
    pub(crate) organisation: OrganisationId,
    /// Whether it is handed over while the inspection is under way.
    pub(crate) early: bool,
    /// The day it was approved.
    pub(crate) approved_on: Option<NaiveDate>,
}

impl Handing {
    /// Reads the form of [`fields`].
    pub(crate) fn of(form: &Form) -> Result<Self> {
        Ok(Self {
            recipient: form.need_id("recipient")?,
            second: form.id("second_recipient"),
            mode: form.need_choice("mode")?,
            on: form.need_date("transferred_on")?,
        })
    }

    /// A double transfer has two different recipients, a single one has one.
    fn check_mode(&self) -> Result<()> {
        let fault = |message: &str| Err(Refusal::field("second_recipient", message).into());
        match (self.mode, self.second) {
            (Mode::Double, None) => fault("双移交须填写另一个移交单位"),
            (Mode::Single, Some(_)) => fault("单移交只有一个移交单位，请改为双移交或清空此项"),
            (Mode::Double, Some(second)) if second == self.recipient => fault("两个移交单位不能相同"),
            _ => Ok(()),
        }
    }
}

/// Sends `subject` to every body of `handing`; the first transfer stands for all in lists.
pub(crate) async fn send(cx: &mut WriteCx, subject: &Subject, handing: &Handing) -> Result<TransferId> {
    handing.check_mode()?;
    dates::happened(cx, "transferred_on", "移交日期", handing.on)?;
    dates::not_before("transferred_on", "移交日期", handing.on, subject.approved_on, "审批日期")?;
    let first = send_one(cx, subject, handing, "recipient", handing.recipient).await?;
    if let Some(second) = handing.second {
        send_one(cx, subject, handing, "second_recipient", second).await?;
    }
    Ok(first)
}

async fn send_one(
    cx: &mut WriteCx,
    subject: &Subject,
    handing: &Handing,
    field: &str,
    recipient: OrganisationId,
) -> Result<TransferId> {
    if recipient == subject.organisation {
        return Err(Refusal::field(field, "不能移交给它所反映的被巡察单位").into());
    }
    if organisations::find(cx, recipient).await?.kind != OrganisationKind::SupervisingBody {
        return Err(Refusal::field(field, "移交单位应是监督和职能机关").into());
    }
    let sending = Sending {
        kind: subject.kind,
        subject_noun: subject.noun,
        subject_id: subject.id,
        title: subject.title.clone(),
        inspection: Some(subject.inspection),
        organisation: Some(subject.organisation.0),
        recipient: recipient.0,
        mode: handing.mode,
        early: subject.early,
        sent_on: handing.on,
    };
    actions::send(cx, sending).await
}

/// The form in which the recipients are chosen.
pub(crate) fn fields(cx: &Cx) -> Vec<Field> {
    vec![
        Field::choice::<Mode>("mode", "移交方式")
            .required()
            .chosen(Some(Mode::Single))
            .help("双移交是同时移交两个单位，分别签收、分别反馈结果。"),
        Field::pick("recipient", "移交单位", organisations::NOUN)
            .required()
            .help("违纪违法和作风问题移交纪检监察机关，选人用人问题移交组织部门，其余移交有关职能机关。"),
        Field::pick("second_recipient", "另一移交单位", organisations::NOUN).help("双移交时填写。"),
        Field::date("transferred_on", "移交日期").required().value(cx.today()),
    ]
}

/// What `actor` receives as `role`: records handed to one of the person's bodies.
pub(crate) fn received(actor: &Actor, role: Role) -> Pred {
    let own = |column| actor.own_organisations(role, column);
    Pred::any(vec![own("recipient_id"), own("second_recipient_id")]).and(Pred::Present("transferred_on"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use planning::samples;

    fn handing(mode: Mode, second: Option<Uuid>) -> Handing {
        Handing {
            recipient: OrganisationId(samples::RECIPIENT),
            second: second.map(OrganisationId),
            mode,
            on: samples::day(),
        }
    }

    #[test]
    fn a_double_transfer_needs_two_different_bodies_and_a_single_one_takes_one() {
        assert!(handing(Mode::Single, None).check_mode().is_ok());
        assert!(handing(Mode::Double, Some(samples::OTHER)).check_mode().is_ok());
        assert!(handing(Mode::Double, None).check_mode().is_err());
        assert!(handing(Mode::Double, Some(samples::RECIPIENT)).check_mode().is_err());
        assert!(handing(Mode::Single, Some(samples::OTHER)).check_mode().is_err());
    }
}
