#include "tools/demo_phrases.h"

#include <span>

namespace tools::demo {
namespace {

using Sentences = std::span<const char* const>;

constexpr const char* request[] = {
    "{child} has missed eleven mornings this term and comes in tired. {adult} asks for help with the mornings.",
    "{adult} says bedtimes have fallen apart since the move and would welcome somebody to talk it through with.",
    "Worried about {child}: quiet, hungry by ten o'clock, worn shoes. {adult} is open to support.",
    "{adult} describes low mood since the winter; {child} has been doing much of the cooking.",
    "Arguments at home have become loud enough for the neighbours. {child} stays at a friend's more and more.",
    "{child} was sent home three times this month. {adult} feels nobody listens to what happens before that.",
    "{adult} finds letters hard to read and has missed two appointments for {child}.",
    "{child} told a teacher that a smack was the usual answer at home. {adult} wants to do it differently."};
constexpr const char* accept[] = {
    "Several needs that one service cannot meet; the family agrees. For the Family Wellbeing Service.",
    "Targeted support fits: {adult} asks for it, and nothing points to harm.",
    "Checked with school and health: worries are growing, safety is not in doubt. Accept.",
    "The picture is of a family under strain with strengths to build on. Accept."};
constexpr const char* signpost[] = {"The children's centre can offer what {adult} asks for; details given.",
                                    "A single need: parenting course. No other worries found.",
                                    "School has its own plan running and it helps. Signposted back with thanks."};
constexpr const char* redirect[] = {
    "What {child} said needs social care today, not early help.",
    "Open to social care until last month and the worries are the same ones. Redirected after discussion.",
    "An unborn baby and a history that needs an assessment by a social worker."};
constexpr const char* recommendation[] = {
    "Known to a key worker two years ago with good results; early help would be welcome again.",
    "Fits the service. Recommend a worker who knows the school well."};
constexpr const char* check[] = {"Read the contact and the decision; agree. Consent form seen and in order.",
                                 "Agree with the front door. Spoke to the referrer to be sure of the address.",
                                 "Safety checked once more: nothing held elsewhere changes the picture. Agree."};
constexpr const char* overturn[] = {
    "A police notice arrived after the first decision. {child} needs social care; disagree with the front door.",
    "On reading the earlier record this is in need, not early help. Redirected."};
constexpr const char* needs[] = {
    "Mornings, money and a tired parent. {child} wants school to be easier. Begin with the family's own goals.",
    "{adult} manages much alone. Look at routines, health appointments and who else could help.",
    "Keep {child} in view on their own. Ask what a better week would look like to each of them.",
    "A large family with much good will. Agree small steps; school is a ready partner."};
constexpr const char* override_reason[] = {
    "The worker knows this family and two of theirs are about to end. For six weeks at most.",
    "No one else in the team speaks the family's first language. Supervision every two weeks meanwhile.",
    "All workers are near their cap and there is no waiting list. Two closures are expected this month."};
constexpr const char* reallocation[] = {
    "The worker leaves the service. Joint visit with the new worker is planned; {adult} has been told.",
    "Handed over on leaving; the plan stays as it is and {child} has met the new worker."};
constexpr const char* assessment[] = {
    "What worries us: mornings and money. What works: {adult} and {child} laugh together. Goal: a calm start to the "
    "day.",
    "{child} names three people who help. {adult}'s health is the complicating factor. The family scores itself a "
    "four.",
    "Strong grandparents, thin finances, a school that wants to help. {child} asks for less shouting.",
    "The worry is about weekends. {adult} has begun to change them; {child} noticed."};
constexpr const char* returned[] = {
    "Please add what {child} said in their own words, and the views of school.",
    "The worries are clear; the strengths are not. See {adult} once more and say what has been tried.",
    "Who was met, and when? Please also add the health visitor's information."};
constexpr const char* authorised[] = {"Clear, balanced, and {child} speaks in it. Authorised.",
                                      "Analysis follows from what was seen. Planning meeting may go ahead.",
                                      "Good on strengths. Keep an eye on the money worries. Authorised."};
constexpr const char* plan[] = {
    "1. {child} in school by nine on four days of five. 2. {adult} sees the doctor. 3. One evening a week together.",
    "1. A bedtime that holds. 2. School and home speak every Friday. 3. {adult} joins the group.",
    "1. Quarrels stop at the kitchen door. 2. {child} picks one club. 3. Debts listed and one call made."};
constexpr const char* plan_update[] = {"Mornings go well: new goal for weekends.",
                                       "Step two done. Step three moved to after the holidays.",
                                       "{child} asked for a goal of their own: football on Thursdays."};
constexpr const char* observations[] = {
    "{child} showed the new room and talked about school. Home warm and tidy enough. {adult} tired but hopeful.",
    "{adult} and {child} disagreed and made up while I was there. The plan is on the fridge.",
    "Quiet visit. {child} drew the week: Wednesday is the hard day. Agreed what {adult} will try.",
    "All present. {adult} has rung the school twice without being asked. {child} says it is better, 'a six'.",
    "{child} seen alone in the garden; says shouting has stopped at night. {adult} would like fewer appointments.",
    "Short visit: the baby was poorly. Food in, heating on. {child} played throughout."};
constexpr const char* direct_work[] = {
    "Three houses with {child}: worries are about moving again; dreams hold a dog and a quiet room.",
    "Feelings cards. {child} chose 'cross' for mornings and 'proud' for swimming. We practised what to say.",
    "Built the family in bricks. {child} put the grandparent in the middle."};
constexpr const char* note[] = {
    "Rang school: attendance is up to four days. The head of year will keep the breakfast place open.",
    "{adult} sent word that the appointment went well. Nothing else needed today.",
    "Health visitor reports weight as expected and {adult} at ease.",
    "Letter about rent brought in by {adult}; rang the housing office together.",
    "{child}'s teacher says the mornings are calmer.",
    "No answer by telephone; left a message with my hours.",
    "Met {adult} by chance at the centre; arranged Thursday.",
    "Group leader says {adult} came to the third session and spoke."};
constexpr const char* oversight[] = {
    "Read the record. Right worker, right pace. See {child} alone before the next review.",
    "Decision and reasons are clear. Keep the family's own words in the plan.",
    "Considered the risks again: none new. Go on.", "Good work with {adult}. Ask school for dates, not impressions."};
constexpr const char* direction[] = {"Progress on two of three goals. Aim to end in eight weeks if it lasts.",
                                     "Little movement. Bring the network together and try the evening group.",
                                     "Keep going. Review the visits: every two weeks is enough now."};
constexpr const char* worry[] = {"{child} has a bruise and no one can say from what. {adult} was not willing to talk.",
                                 "{adult} has stopped opening the door, and school has not seen {child} since Monday.",
                                 "{child} says somebody new stays at night and is frightening.",
                                 "Empty cupboards for the second visit; {adult} seemed not well at all."};
constexpr const char* escalation[] = {
    "Talked it through with the front door. Reasons and threshold recorded; next steps agreed.",
    "Weighed what is new against what the plan can hold. Decided with the duty manager over there."};
constexpr const char* not_telling[] = {
    "Telling {adult} now would put {child} at further risk before anybody is there. To be looked at again tomorrow."};
constexpr const char* transfer_reason[] = {
    "More than early help can hold: worries persist after two plans and the family asks for more.",
    "Needs have grown and a social worker's assessment is wanted."};
constexpr const char* step_down_reason[] = {
    "The plan has done its work; the family would like a key worker for a while."};
constexpr const char* history[] = {"Support began with school worries; health and money came into view later.",
                                   "Two moves in three years, a new baby, and a grandparent's illness."};
constexpr const char* worries[] = {"Weekends, and who is in the house.",
                                   "{adult}'s health; {child} looking after others."};
constexpr const char* strengths[] = {"{child} talks. {adult} turns up. School stands by.",
                                     "A wide family that helps when asked."};
constexpr const char* next_steps[] = {"Joint visit, then one plan instead of two.",
                                      "Keep school and key worker in the room."};
constexpr const char* panel[] = {"Heard the worker and the manager. Both chairs agree; the decision is final.",
                                 "Summary read before the meeting. Threshold discussed openly; both sides agree."};
constexpr const char* closing[] = {"Goals reached and held for six weeks. The family feels ready.",
                                   "{adult}: 'we know what to do on a bad day now'. School agrees.",
                                   "Enough has changed; the network carries on with it."};
constexpr const char* withdrawal[] = {
    "Considered in supervision: what brought the family here has eased. No referral needed.",
    "Worries are there but low; the door stays open and school knows.",
    "Spoke to {adult} in person. Understood why; offered another worker."};
constexpr const char* summary[] = {
    "Came for mornings, leaves with a routine, a doctor and a club. What helped: being listened to.",
    "Two of three goals met. The family knows whom to ring. School keeps the Friday call.",
    "Support ended early at the family's wish; what was learnt is in the plan they kept."};
constexpr const char* closed[] = {"Record complete, outcome fair, family knows. Closed.",
                                  "All that was asked for is on file. Closed with good wishes."};
constexpr const char* impact[] = {
    "{child} was calmer for weeks afterwards.", "For {child} this was the first time somebody asked.",
    "It frightened {child} and made the plan start earlier.", "{child} gained a place where things are quiet.",
    "Little changed for {child} that day, and much in the weeks after."};
constexpr const char* correction[] = {"Typed on the wrong day; my diary has the right one.",
                                      "Two sentences were about another family's appointment."};

Sentences sentences(Topic topic, const Family& family) {
    switch (topic) {
        case Topic::request: return request;
        case Topic::accept: return accept;
        case Topic::signpost: return signpost;
        case Topic::redirect: return redirect;
        case Topic::recommendation: return recommendation;
        case Topic::check: return check;
        case Topic::overturn: return overturn;
        case Topic::needs: return needs;
        case Topic::override_reason: return override_reason;
        case Topic::reallocation: return reallocation;
        case Topic::assessment: return assessment;
        case Topic::returned: return returned;
        case Topic::authorised: return authorised;
        case Topic::plan: return plan;
        case Topic::plan_update: return plan_update;
        case Topic::observations: return observations;
        case Topic::direct_work: return direct_work;
        case Topic::note: return note;
        case Topic::oversight: return oversight;
        case Topic::direction: return direction;
        case Topic::worry: return worry;
        case Topic::escalation: return escalation;
        case Topic::not_telling: return not_telling;
        case Topic::transfer_reason:
            return family.fate == Fate::step_down ? Sentences(step_down_reason) : transfer_reason;
        case Topic::history: return history;
        case Topic::worries: return worries;
        case Topic::strengths: return strengths;
        case Topic::next_steps: return next_steps;
        case Topic::panel: return panel;
        case Topic::closing: return closing;
        case Topic::withdrawal: return withdrawal;
        case Topic::summary: return summary;
        case Topic::closed: return closed;
        case Topic::impact: return impact;
        case Topic::correction: return correction;
    }
    return note;
}

std::string first_name(const Member& member) { return member.name.substr(0, member.name.find(' ')); }

}  // namespace

std::string write(Topic topic, const Family& family, Chance& chance) {
    std::string text = chance.pick(sentences(topic, family));
    auto child = first_name(chance.pick(family.children));
    auto adult = first_name(chance.pick(family.adults));
    auto replace = [&text](std::string_view mark, const std::string& name) {
        for (size_t at; (at = text.find(mark)) != text.npos;) text.replace(at, mark.size(), name);
    };
    replace("{child}", child);
    replace("{adult}", adult);
    return text;
}

}  // namespace tools::demo
