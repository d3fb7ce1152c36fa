# One edition of one authority's practice: what differs between authorities, as data, each line with its source.
# A practice is itself a signed event, so any verdict can be worked out again from the ledger alone.
@0xd1f5a4e3b2c19702;
using Cxx = import "/capnp/c++.capnp";
using M = import "marks.capnp";
$Cxx.namespace("schema");

struct Practice $M.title("Practice adopted") $M.prose {
  id @0 :Text;                       # BEX-2018
  authority @1 :Text;
  title @2 :Text;                    # of the document
  standing @3 :Standing;
  from @4 :Int32 $M.date;            # first day in force
  until @5 :Int32 $M.date $M.optional;  # last day in evidence (the day before its review is due); 0: no end stated
  source @6 :Text;                   # "S1:5"
  calendar @7 :Text;                 # id of the working-day calendar, e.g. "england-and-wales"
  roles @8 :List(Role);
  acts @9 :List(Act);
  guards @10 :List(GuardRow) $M.optional;
  codeLists @11 :List(CodeList) $M.optional;
  rules @12 :List(Rule) $M.optional;
  caps @13 :List(Cap) $M.optional;
  checklists @14 :List(Checklist) $M.optional;
  gaps @15 :List(Gap) $M.optional;   # what the documents leave open, said where it matters
}
enum Standing { standard @0; target @1; reported @2; }

enum Reach { ownCases @0; team @1; service @2; frontDoor @3; nothing @4; }
struct Role $M.prose {
  code @0 :Text;                     # family-key-worker
  title @1 :Text;
  reads @2 :Reach;                   # what its holders may read
  source @3 :Text;
  governs @4 :Bool;                  # may sign directory and practice events
}

struct Act $M.prose {
  # Who may record one type of event. A type without a row may be recorded by nobody.
  event @0 :Text;                    # assessmentAuthorised
  kind @1 :Text $M.optional;         # only this kind of it; empty: any kind without a row of its own
  roles @2 :List(Text);
  source @3 :Text;
}

enum Guard {
  # A condition that some authorities' documents set and others' do not. What it means is in commands/.
  secondCheck @0;                    # acceptance needs the duty manager's second check, option c
  anotherDecider @1;                 # the second check is made by someone who took no decision of the front door on it
  consentInWriting @2;               # acceptance and opening need consent for scope `code` in writing for every child
  consentForScope @3;                # the act named in `code` needs consent for scope `detail`; of several rows, one is enough
  factorPresent @4;                  # acceptance needs at least one eligible factor
  notInNeed @5;                      # a family in need or at risk is not accepted
  notExcluded @6;                    # a family with one of the code list `exclusion` is not accepted
  mashWithoutRecommendation @7;      # a recommended contact is decided by role `code` (a MASH manager)
  authorNotAuthoriser @8;            # an assessment is authorised by someone other than its author
  oversightBy @9;                    # oversight is recorded by someone other than the allocated worker
  oversightBefore @10;               # the act named in `code` needs oversight at point `detail`
  introductionBeforeAssessment @11;  # an assessment starts after the introductory visit
  authorisedBeforePlanning @12;      # the planning meeting follows an authorised assessment
  judgementBeforeNotInforming @13;   # "family not informed" needs a manager's judgement
  panelOfTwo @14;                    # a panel decision is signed by two different holders of role `code`
  chairDoesNotPresent @15;           # a panel's chair does not present the case
  panelFinal @16;                    # a panel decision cannot be changed
  summaryBeforePanel @17;            # a transfer summary is prepared before the panel
  handoverBeforeRecords @18;         # receiving opens and releasing closes only after the handover
  releasingNotReceiving @19;         # two different managers
  closerNotWorker @20;               # a case is closed by someone other than its worker
  checklistBeforeClosure @21;        # closure needs checklist `code` complete
  finalPlanWithLetter @22;           # closure needs a closure letter with the final plan of every child who has one
  feedbackFormBeforeClosure @23;
  withdrawalConsidered @24;          # closure after the family turned away from scope `code`, or although worries continue, needs a manager's consideration
  noConfidencesInPublic @25;         # confidential matters are not discussed at places coded `code`
  inNeedThroughPanel @26;            # a step-up follows an escalation decision "child in need"
  writtenCopyToFamily @27;           # an assessment is shared as a written copy
  meetingBeforePlan @28;             # a plan is agreed at or after the initial planning meeting
  safetyBeforeConsent @29;           # the act named in `code` needs no consent after a manager's judgement of significant harm, or that telling adds to it
  planForEveryChild @30;             # a checklist that asks for a plan asks for one for every child of the episode
  leadForLevel @31;                  # children at level `code` are led by role `detail`; the first row whose level a child has decides
  presentedByWorkerAndManager @32;   # a step-up is presented by its worker and by someone whose role may record act `code`
  handoverToNewWorker @33;           # a step-down's handover names the new worker, other than who records it
  supervisorNotSupervised @34;       # supervision is recorded by someone other than the person supervised
  correctedByAuthor @35;             # an entry is corrected by its author, or in a role that may record act `code`
}
struct GuardRow $M.prose {
  guard @0 :Guard;
  code @1 :Text $M.optional;
  detail @2 :Text $M.optional;
  source @3 :Text;
  inferred @4 :Bool;                 # read into the documents by us, not said by them
  kind @5 :Text $M.optional;         # only this kind of the act named in `code`; empty: every kind
}

struct CodeList $M.prose {
  name @0 :Text;
  codes @1 :List(Code);
  source @2 :Text $M.optional;
}
struct Code $M.prose {
  code @0 :Text;
  title @1 :Text;
  source @2 :Text $M.optional;
}

enum Severity { standard @0; soft @1; monitor @2; }   # monitor: shown with both times, never passed or failed
struct Rule $M.prose {
  id @0 :Text;                       # T04
  title @1 :Text;
  severity @2 :Severity;
  readings @3 :List(Reading) $M.optional;  # none: a limit that no event of the ledger starts; a gap says why
  adopted @4 :Text $M.optional;      # id of the reading in force until a signed event adopts another
  stops @5 :List(Text) $M.optional;  # events after which an unfinished clock is no longer wanted
  quote @6 :Text;                    # the words of the document
  source @7 :Text;
  stopsByKind @8 :List(Selector) $M.optional;  # as `stops`, where only some kinds of an event stop the clock
}
enum Unit { hours @0; days @1; workingDays @2; weeks @3; months @4; none @5; }
enum Roll { none @0; preceding @1; following @2; }
enum DayEnd { midnight @0; closeOfBusiness @1; }      # 24:00 or 17:00 Europe/London
enum Grid { rolling @0; fixed @1; }                   # fixed: every limit from the first start, whatever was done
enum TimeOf { occurred @0; recorded @1; }
enum Pairing {
  episode @0;      # the first end event after the start, in the same episode (or contact)
  reference @1;    # the end event that refers to the start event
  itself @2;       # start and end are two times of one event
  worker @3;       # the next end event about the same worker
}
struct Selector $M.prose {
  events @0 :List(Text);             # event types
  kinds @1 :List(Text) $M.optional;  # only these kinds; empty: any
  time @2 :TimeOf;
  where @3 :Text $M.optional;        # of events with this yes-or-no field only those that say yes
}
struct Reading $M.prose {
  id @0 :Text;                       # A-72h
  title @1 :Text;
  start @2 :Selector;
  end @3 :Selector;
  pairing @4 :Pairing;
  repeats @5 :Bool;                  # every start event starts a clock, and so does every end event
  limit @6 :UInt32;
  unit @7 :Unit;
  opens @8 :UInt32;                  # with `unit`: done before this is early
  roll @9 :Roll;
  dayEnd @10 :DayEnd;
  grid @11 :Grid;
  replacedBy @12 :Text $M.optional;  # a date field of `replacedIn` that, when given, is the deadline instead
  replacedIn @13 :Text $M.optional;  # the event types with that field, blanks between them; the newest given date counts
  source @14 :Text;
  inferred @15 :Bool;
  suspectedError @16 :Bool;
  note @17 :Text $M.optional;
  mayComeBefore @18 :Bool $M.optional;  # done before the start, in the same episode, is done as well
}

enum CapMeasure { childrenPerWorker @0; familiesPerService @1; childrenPerTeam @2; childrenPerTeamAtLevel @3; childrenPerService @4; }
enum CapMode { overridable @0; hard @1; advisory @2; reported @3; }
struct Cap $M.prose {
  id @0 :Text;
  title @1 :Text;
  measure @2 :CapMeasure;
  limit @3 :UInt32;
  perFte @4 :Bool;                   # pro rata to the worker's time
  role @5 :Text $M.optional;         # workers in this role
  level @6 :Text $M.optional;
  teamKind @7 :Text $M.optional;     # "pod"
  mode @8 :CapMode;
  source @9 :Text;
  note @10 :Text $M.optional;
}

struct Checklist $M.prose {
  code @0 :Text;
  title @1 :Text;
  items @2 :List(ChecklistItem);
  source @3 :Text;
}
struct ChecklistItem $M.prose {
  number @0 :UInt8;
  title @1 :Text;
  evidence @2 :List(Evidence);       # all of them
  source @3 :Text;
}
struct Evidence $M.prose {
  anyOf @0 :List(Text);              # one event of one of these types; "words" of a chronology: significanceMarked
  when @1 :Text $M.optional;         # needed only where an event of this type exists
}

struct Gap $M.prose {
  rule @0 :Text $M.optional;
  text @1 :Text;
  source @2 :Text;
  endsEvidence @3 :Bool $M.optional;  # why no time limit is in evidence after the edition's last day
}

struct Calendar $M.title("Working-day calendar issued") $M.prose {
  id @0 :Text;                       # england-and-wales
  edition @1 :Text;                  # "2015 to 2028"
  from @2 :Int32 $M.date;            # what it covers
  until @3 :Int32 $M.date;
  zone @4 :Text;                     # Europe/London
  holidays @5 :List(Holiday);
  source @6 :Text;
}
struct Holiday $M.prose {
  day @0 :Int32 $M.date;
  title @1 :Text;
  knownFrom @2 :Int32 $M.date $M.optional;  # 0: known before the calendar's first day
}

# How long the record about a person is kept, as the authority's own schedule says. The classes go from the shortest
# to the longest; the one that a person's record needs is the last of which something is in the case.
struct RetentionSchedule $M.title("Retention schedule issued") $M.prose {
  id @0 :Text;
  authority @1 :Text;
  title @2 :Text;
  from @3 :Int32 $M.date;            # first day in force
  classes @4 :List(RetentionClass);
  source @5 :Text;
}
enum RetentionFrom { birth @0; closure @1; }
struct RetentionClass $M.prose {
  code @0 :Text;                     # early-help
  title @1 :Text;
  years @2 :UInt16 $M.upTo(200);     # whole years, to the end of the last one
  from @3 :RetentionFrom;            # counted from the birth, or from the last closure of the case
  appliesTo @4 :List(Selector) $M.optional;  # events that put a record into this class; none: every record
  source @5 :Text;
}
