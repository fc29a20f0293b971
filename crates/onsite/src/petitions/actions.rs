//! What is done to petitions. Nothing of what they say goes into titles, notices, histories or the search index:
//! outside its own page a petition is its number.

use chrono::NaiveDate;
use kit::{
    Audience, Done, Lifecycle as _, Refusal, Result, Role, WriteCx, dates,
    numbers::{self, Series},
};
use planning::units;
use registry::organisations::{self, OrganisationId};
use uuid::Uuid;

use super::{
    Content, Decision, Deed, NOUN, Outcome, PassTo, Petition, PetitionId, Signed, State, clocks, seal, store,
};
use crate::{
    officers,
    openings::{self, Part, actions::Sealed},
};

const NUMBERS: Series = Series { prefix: "XF", table: "petition" };

/// What a person enters about a petition.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Channel.
    pub channel: String,
    /// Day it came in.
    pub received_on: NaiveDate,
    /// Whether it bears a name.
    pub signed: Signed,
    /// How many people stand behind it.
    pub people: i64,
    /// Category.
    pub category: String,
    /// What it says.
    pub content: Content,
}

impl Entry {
    fn check(&self, cx: &WriteCx) -> Result<()> {
        dates::happened(cx, "received_on", "收到日期", self.received_on)?;
        if (self.signed == Signed::Joint) != (self.people > 1) {
            return Err(Refusal::field("people", "联名信访的人数应为 2 人以上，其他应为 1 人").into());
        }
        Ok(())
    }

    fn apply(self, cx: &WriteCx, petition: &mut Petition) -> Result<()> {
        petition.subject_sealed = seal(cx, petition.id, "subject", &self.content.subject)?;
        petition.content_sealed = seal(cx, petition.id, "content", &self.content.content)?;
        petition.channel = self.channel;
        petition.received_on = self.received_on;
        petition.signed = self.signed;
        petition.people = self.people;
        petition.category = self.category;
        Ok(())
    }
}

/// Enters a petition that came in at an inspected unit.
pub async fn create(cx: &mut WriteCx, unit: Uuid, entry: Entry) -> Result<PetitionId> {
    let unit = units::of(cx, unit).await?;
    // Letters that were closed to the office's key are entered by the program, unread.
    if !cx.actor.program && !cx.actor.in_team(unit.inspection_id) {
        return Err(Refusal::forbidden("登记信访").into());
    }
    entry.check(cx)?;
    let id = PetitionId(kit::ids::random());
    let (due_on, due_basis) = clocks::due(cx, State::Registered, entry.received_on).await?;
    let mut petition = Petition {
        id,
        version: 1,
        number: numbers::yearly(cx, NUMBERS, entry.received_on).await?,
        inspection_id: unit.inspection_id,
        unit_id: unit.id,
        organisation_id: unit.organisation_id,
        channel: String::new(),
        received_on: entry.received_on,
        signed: entry.signed,
        people: 1,
        category: String::new(),
        subject_sealed: String::new(),
        content_sealed: String::new(),
        state: State::Registered,
        decision: None,
        decided_on: None,
        decided_by: String::new(),
        opinion_sealed: seal(cx, id, "opinion", "")?,
        merged_into: None,
        handler_id: None,
        handler: String::new(),
        passed_to: None,
        recipient_id: None,
        recipient: String::new(),
        passed_on: None,
        receipt_on: None,
        receipt_by: String::new(),
        result: None,
        result_on: None,
        result_sealed: seal(cx, id, "result", "")?,
        due_on,
        due_basis,
        registered_by: cx.actor.account,
        registrar: cx.actor.name.clone(),
    };
    entry.apply(cx, &mut petition)?;
    let title = format!("信访待受理决定：{}", petition.number);
    let audience =
        Audience::Post { role: Role::TeamHead, organisation: None, inspection: Some(petition.inspection_id) };
    cx.notify(audience, title, NOUN, id);
    cx.index(NOUN, id, petition.number.as_str());
    cx.insert(petition).await?;
    cx.done(Done::new(NOUN, id, "create", "登记信访"));
    Ok(id)
}

/// Completes what was entered before the decision.
pub async fn edit(cx: &mut WriteCx, id: PetitionId, entry: Entry) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Edit).await?;
    entry.check(cx)?;
    let mut after = before.clone();
    (after.due_on, after.due_basis) = clocks::due(cx, state, entry.received_on).await?;
    entry.apply(cx, &mut after)?;
    let changes = cx.update(&before, after).await?;
    cx.done(Done::deed::<Petition>(NOUN, id, Deed::Edit, before.state, state).changes(changes));
    Ok(())
}

/// Takes it up; `handler` is a place in the team.
pub async fn verify(cx: &mut WriteCx, id: PetitionId, handler: Uuid, opinion: &str) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Verify).await?;
    let member = officers::member_on(cx, handler, before.inspection_id, cx.today()).await?;
    let member = member.ok_or_else(|| Refusal::field("handler", "承办人应是本巡察组授权期内的人员"))?;
    let mut after = decided(cx, &before, Decision::Verify, opinion)?;
    after.handler_id = Some(member.account_id);
    after.handler = member.name;
    let title = format!("信访交您核实：{}", before.number);
    cx.notify(Audience::Account(member.account_id), title, NOUN, id);
    put(cx, &before, after, (Deed::Verify, state), cx.today()).await
}

/// Joins it with `into`, which is of the same inspection and not joined itself.
pub async fn merge(cx: &mut WriteCx, id: PetitionId, into: PetitionId, opinion: &str) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Merge).await?;
    let target = store::find(cx, into).await?;
    if target.id == id || target.inspection_id != before.inspection_id {
        return Err(Refusal::field("into", "只能并入本次巡察的另一件信访").into());
    }
    if target.state == State::Merged {
        return Err(Refusal::field("into", "所选信访已并入别的信访，请选择最后并入的那一件").into());
    }
    let mut after = decided(cx, &before, Decision::Merged, opinion)?;
    after.merged_into = Some(into);
    put(cx, &before, after, (Deed::Merge, state), cx.today()).await
}

/// To whom a petition is passed, when, and whether what points to its writer was taken out.
#[derive(Clone, Debug)]
pub struct Passing {
    /// To whom.
    pub to: PassTo,
    /// The body, when the register knows it.
    pub recipient: Option<OrganisationId>,
    /// Its name, when it does not.
    pub recipient_name: String,
    /// The day.
    pub on: NaiveDate,
    /// Whether everything that points to the writer was taken out.
    pub redacted: bool,
    /// Opinion.
    pub opinion: String,
}

impl Passing {
    /// The body and its name.
    async fn recipient(&self, cx: &WriteCx, petition: &Petition) -> Result<(Option<OrganisationId>, String)> {
        let id = match self.to {
            PassTo::Unit => Some(petition.organisation_id),
            PassTo::Department | PassTo::PetitionOffice => self.recipient,
        };
        if self.to != PassTo::Unit && id == Some(petition.organisation_id) {
            let message = "转给被巡察单位的，请把转交去向选为“被巡察单位”";
            return Err(Refusal::field("recipient", message).into());
        }
        match id {
            Some(id) => Ok((Some(id), organisations::find(cx, id).await?.name)),
            None if self.recipient_name.is_empty() => {
                Err(Refusal::field("recipient", "请选择接收单位，名册中没有的填写单位名称").into())
            }
            None => Ok((None, self.recipient_name.clone())),
        }
    }

    /// A letter with a name never reaches the organisation it is about in a form that shows who wrote it.
    fn check(&self, cx: &WriteCx, petition: &Petition) -> Result<()> {
        dates::happened(cx, "on", "转出日期", self.on)?;
        dates::not_before("on", "转出日期", self.on, Some(petition.received_on), "收到日期")?;
        if self.to == PassTo::Unit && !self.redacted {
            let message = "转给被巡察单位前，必须隐去举报人姓名、笔迹等可识别身份的信息";
            return Err(Refusal::field("redacted", message).into());
        }
        Ok(())
    }
}

/// Passes it on.
pub async fn pass_on(cx: &mut WriteCx, id: PetitionId, passing: Passing) -> Result<()> {
    let (before, state) = step(cx, id, Deed::PassOn).await?;
    passing.check(cx, &before)?;
    let (recipient_id, recipient) = passing.recipient(cx, &before).await?;
    let mut after = decided(cx, &before, passing.to.into(), &passing.opinion)?;
    after.passed_to = Some(passing.to);
    after.recipient_id = recipient_id;
    after.recipient = recipient;
    after.passed_on = Some(passing.on);
    put(cx, &before, after, (Deed::PassOn, state), passing.on).await
}

/// Does not take it up.
pub async fn refuse(cx: &mut WriteCx, id: PetitionId, reason: &str) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Refuse).await?;
    let after = decided(cx, &before, Decision::Refused, reason)?;
    put(cx, &before, after, (Deed::Refuse, state), cx.today()).await
}

/// Keeps it without further steps.
pub async fn file(cx: &mut WriteCx, id: PetitionId, reason: &str) -> Result<()> {
    let (before, state) = step(cx, id, Deed::File).await?;
    let after = decided(cx, &before, Decision::Filed, reason)?;
    put(cx, &before, after, (Deed::File, state), cx.today()).await
}

/// Records who signed for it, and when.
pub async fn receipt(cx: &mut WriteCx, id: PetitionId, on: NaiveDate, by: String) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Receipt).await?;
    dates::happened(cx, "on", "签收日期", on)?;
    dates::not_before("on", "签收日期", on, before.passed_on, "转出日期")?;
    let after = Petition { receipt_on: Some(on), receipt_by: by, ..before.clone() };
    put(cx, &before, after, (Deed::Receipt, state), on).await
}

/// Records what came of it; what was joined with it is finished by it.
pub async fn close(
    cx: &mut WriteCx,
    id: PetitionId,
    (result, on): (Outcome, NaiveDate),
    note: &str,
) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Close).await?;
    dates::happened(cx, "on", "办结日期", on)?;
    let begun = before.receipt_on.or(before.decided_on);
    dates::not_before("on", "办结日期", on, begun, "受理或签收日期")?;
    let result_sealed = seal(cx, id, "result", note)?;
    let after = Petition { result: Some(result), result_on: Some(on), result_sealed, ..before.clone() };
    put(cx, &before, after, (Deed::Close, state), on).await
}

/// Takes the decision back.
pub async fn reopen(cx: &mut WriteCx, id: PetitionId, reason: &str) -> Result<()> {
    let (before, state) = step(cx, id, Deed::Reopen).await?;
    let opinion_sealed = seal(cx, id, "opinion", reason)?;
    let after = Petition {
        decision: None,
        decided_on: None,
        decided_by: String::new(),
        merged_into: None,
        opinion_sealed,
        ..before.clone()
    };
    put(cx, &before, after, (Deed::Reopen, state), cx.today()).await
}

/// Opens what it says to somebody outside the team.
pub async fn consult(cx: &mut WriteCx, id: PetitionId, reason: String) -> Result<()> {
    let (petition, _) = step(cx, id, Deed::Consult).await?;
    let sealed = Sealed {
        noun: NOUN,
        record: id.0,
        number: &petition.number,
        part: Part::Petition,
        inspection: petition.inspection_id,
    };
    openings::actions::open(cx, sealed, reason).await?;
    Ok(())
}

async fn step(cx: &WriteCx, id: PetitionId, deed: Deed) -> Result<(Petition, State)> {
    let petition = store::find(cx, id).await?;
    let state = petition.decide(&cx.actor, deed)?;
    Ok((petition, state))
}

fn decided(cx: &WriteCx, before: &Petition, decision: Decision, opinion: &str) -> Result<Petition> {
    Ok(Petition {
        decision: Some(decision),
        decided_on: Some(cx.today()),
        decided_by: cx.actor.name.clone(),
        opinion_sealed: seal(cx, before.id, "opinion", opinion)?,
        ..before.clone()
    })
}

/// Stores `after` in its new state, whose clock runs from `from`.
async fn put(
    cx: &mut WriteCx,
    before: &Petition,
    mut after: Petition,
    (deed, state): (Deed, State),
    from: NaiveDate,
) -> Result<()> {
    after.state = state;
    (after.due_on, after.due_basis) = clocks::due(cx, state, from).await?;
    cx.update(before, after).await?;
    cx.done(Done::deed::<Petition>(NOUN, before.id, deed, before.state, state));
    Ok(())
}
