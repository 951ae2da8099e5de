//! What a delivery is about at the moment at which it would leave, and whether it is still wanted.

use jiff::Timestamp;
use muster_domain::event::{Event, Phase};
use muster_domain::id::{EventId, UserId};
use muster_domain::notice::{HeldPlace, News};
use muster_domain::reminder::is_worth_it;
use muster_domain::roster::{Place, Signup};
use muster_domain::sheet::Sheet;
use muster_store::StoreError;
use muster_store::model::{Delivery, DeliveryContent, DeliveryEnd, MissedCause, Posted};
use muster_store::port::{Deliveries as _, Events};

use super::halt::Halt;
use super::troubles::Troubles;
use crate::app::{App, World};
use crate::limits::NEWS_GRACE;

/// Why nothing is sent about an event that is no more.
const DELETED: &str = "the event was deleted";

/// What a delivery is about.
pub(super) enum Subject {
    Guild,
    Event {
        posted: Box<Posted>,
        /// The places that are held for the members whom the delivery tells that.
        held: Vec<HeldPlace>,
        /// Of the members whom it tells that they lost their places, or are offered some, or whom
        /// it reminds, those whom it concerns still.
        concerned: Option<Vec<UserId>>,
        /// Of the members whom it reminds, or an organiser says something to, those without a
        /// place.
        waiting: Vec<UserId>,
    },
    Troubles(Troubles),
}

impl<W: World> App<W> {
    /// What a delivery is about now, or how it ends because it is wanted no more.
    pub(super) async fn subject_of(&self, delivery: &Delivery) -> Result<Subject, Halt> {
        let event = match &delivery.content {
            DeliveryContent::Post(event)
            | DeliveryContent::Notice { event, .. }
            | DeliveryContent::Unanswered { event, .. }
            | DeliveryContent::Direct { event, .. } => *event,
            DeliveryContent::Greeting => return Ok(Subject::Guild),
            DeliveryContent::Report { .. } => {
                let troubles = self.troubles_in(delivery).await?;
                let none = DeliveryEnd::Skipped("nothing is left to tell");
                return Ok(troubles.map(Subject::Troubles).ok_or(none)?);
            }
        };
        let posted = self.store().event(delivery.guild, event).await?;
        let posted = posted.ok_or(DeliveryEnd::Skipped(DELETED))?;
        if let Some(end) = self.not_wanted(delivery, &posted) {
            return Err(end.into());
        }
        if !self.is_coming_still(delivery, &posted).await? {
            return Err(DeliveryEnd::Skipped("the member does not come any more").into());
        }
        let held = self.held_for(delivery, event).await?;
        let concerned = self.still_concerned(delivery, &posted, &held).await?;
        let meant = self.still_meant(delivery).await?;
        let mut waiting = self.waiting(delivery, &posted).await?;
        waiting.retain(|member| meant.as_ref().is_none_or(|meant| meant.contains(member)));
        let concerned = concerned.or(meant);
        let posted = Box::new(posted);
        Ok(Subject::Event { posted, held, concerned, waiting })
    }

    /// Of the members whom a delivery reminds, or to whom an organiser says something, those
    /// without a place: they are told so.
    async fn waiting(
        &self,
        delivery: &Delivery,
        posted: &Posted,
    ) -> Result<Vec<UserId>, StoreError> {
        let says_so = matches!(delivery.content.news(), Some(News::Reminder | News::Told));
        let Sheet { offered, waitlist, passed, .. } = &posted.sheet;
        if says_so && [offered, waitlist, passed].iter().any(|names| names.total > 0) {
            self.store().without_place(delivery.id).await
        } else {
            Ok(Vec::new())
        }
    }

    /// Of the members whom a delivery tells that they lost their places, or are offered some, those
    /// for whom that is still so, if it names any; or how it ends because it is so for nobody.
    async fn still_concerned(
        &self,
        delivery: &Delivery,
        posted: &Posted,
        held: &[HeldPlace],
    ) -> Result<Option<Vec<UserId>>, Halt> {
        let named = named_in(delivery);
        let (still, is_anybody, why) = match delivery.content.news() {
            Some(News::Unseated) => {
                let lost = self.store().still_unseated(delivery.id).await?;
                let still = named.iter().copied().filter(|member| lost.contains(member));
                let why = "nobody is in line by that any more";
                (still.collect(), !lost.is_empty(), why)
            }
            Some(News::Offered) => {
                let offered = posted.sheet.offered.total;
                let still: Vec<_> = held.iter().map(|place| place.member).collect();
                (still, offered > 0, "no place is held by that any more")
            }
            Some(_) | None => return Ok(None),
        };
        let concerns_nobody = if named.is_empty() { !is_anybody } else { still.is_empty() };
        if concerns_nobody {
            return Err(DeliveryEnd::Skipped(why).into());
        }
        Ok((!named.is_empty()).then_some(still))
    }

    /// The places that are held for the members whom a delivery tells that. One for a single member
    /// ends if none is any more: it was taken, or let pass.
    async fn held_for(&self, delivery: &Delivery, event: EventId) -> Result<Vec<HeldPlace>, Halt> {
        let mut held = Vec::new();
        if delivery.content.news() != Some(News::Offered) {
            return Ok(held);
        }
        for member in named_in(delivery) {
            let line = self.store().signup_of(delivery.guild, event, *member).await?;
            if let Some(Signup { option, place: Place::Offered(until), .. }) =
                line.map(|line| line.signup)
            {
                held.push(HeldPlace { member: *member, option, until });
            }
        }
        if held.is_empty() && matches!(delivery.content, DeliveryContent::Direct { .. }) {
            return Err(DeliveryEnd::Skipped("no place is held for the member any more").into());
        }
        Ok(held)
    }

    /// How a delivery about an event ends because it is not sent any more, if so.
    fn not_wanted(&self, delivery: &Delivery, posted: &Posted) -> Option<DeliveryEnd> {
        let now = self.now();
        if delivery.content.news() == Some(News::Reminder) {
            return not_worth_reminding(delivery, &posted.sheet.event, now);
        }
        let is_post = matches!(delivery.content, DeliveryContent::Post(_));
        let news = delivery.content.news();
        let is_loss = news == Some(News::Unseated);
        let needs_the_event =
            matches!(news, Some(News::Promoted | News::Offered | News::TooFew)) || is_post;
        match posted.sheet.event.phase(now) {
            Phase::Deleted if tells_the_end(delivery) => self.too_late(delivery),
            Phase::Deleted => Some(DeliveryEnd::Skipped(DELETED)),
            Phase::Over | Phase::Cancelled if is_loss => {
                Some(DeliveryEnd::Skipped("there are no places any more"))
            }
            Phase::Over if is_post => Some(DeliveryEnd::Missed(MissedCause::Over)),
            Phase::Cancelled if needs_the_event => {
                Some(DeliveryEnd::Skipped("the event is cancelled"))
            }
            Phase::Open | Phase::Closed | Phase::Running if is_post => None,
            Phase::Open | Phase::Closed | Phase::Running | Phase::Over | Phase::Cancelled => {
                self.too_late(delivery)
            }
        }
    }

    /// Lateness counts from when it was due, or from when somebody had it tried again.
    fn too_late(&self, delivery: &Delivery) -> Option<DeliveryEnd> {
        let from = delivery.retried.map_or(delivery.due, |retried| retried.max(delivery.due));
        let late = self.now().duration_since(from);
        (late > NEWS_GRACE).then_some(DeliveryEnd::Missed(MissedCause::TooLate))
    }
}

/// The members whom a delivery names.
fn named_in(delivery: &Delivery) -> &[UserId] {
    match &delivery.content {
        DeliveryContent::Direct { member, .. } => std::slice::from_ref(member),
        DeliveryContent::Notice { mentions, .. } => mentions,
        DeliveryContent::Post(_)
        | DeliveryContent::Unanswered { .. }
        | DeliveryContent::Greeting
        | DeliveryContent::Report { .. } => &[],
    }
}

/// How a reminder ends that is not sent any more, if so.
fn not_worth_reminding(delivery: &Delivery, event: &Event, now: Timestamp) -> Option<DeliveryEnd> {
    match event.phase(now) {
        Phase::Deleted => Some(DeliveryEnd::Skipped(DELETED)),
        Phase::Cancelled => Some(DeliveryEnd::Skipped("the event is cancelled")),
        Phase::Open | Phase::Closed | Phase::Running | Phase::Over
            if is_of_another_time(delivery, event) =>
        {
            Some(DeliveryEnd::Skipped("the event was changed"))
        }
        Phase::Open | Phase::Closed | Phase::Running | Phase::Over => {
            let due = delivery.reminds_at.unwrap_or(delivery.due);
            let worth_it = is_worth_it(event, due, now);
            (!worth_it).then_some(DeliveryEnd::Missed(MissedCause::TooLate))
        }
    }
}

/// Whether a reminder is of the time at which its event was to begin before it was moved: the event
/// has others now. What an organiser had tried again, knowing that, goes out.
fn is_of_another_time(delivery: &Delivery, event: &Event) -> bool {
    let start = event.details.span.start();
    delivery.retried.is_none() && delivery.planned_start.is_some_and(|planned| planned != start)
}

/// Whether it says that its event does not take place.
const fn tells_the_end(delivery: &Delivery) -> bool {
    matches!(
        delivery.content,
        DeliveryContent::Notice { news: News::Cancelled, .. }
            | DeliveryContent::Direct { news: News::Cancelled, .. }
    )
}
