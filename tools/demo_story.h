// The year of the demonstration: what everybody does when, one thing after another, as events in the making. It knows
// the practice by heart and the ledger not at all; whether all of it may be said is for the ledger to judge.
#pragma once
#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <queue>

#include "ledger/words.h"
#include "schema/event.capnp.h"
#include "tools/demo_family.h"
#include "tools/demo_hours.h"

namespace tools::demo {

// One event of the story, complete but for what only the book can tell: how much of it the actor had seen.
struct Saying {
    EventId id{};
    StreamId stream{};
    Voice voice;
    std::optional<Voice> joint;  // who signs with them
    Time recorded{}, occurred{};
    bool day_only = false;  // they remember the day, not the hour
    boost::json::object fact, source;
    std::vector<ledger::Word> words;
    std::vector<EventId> basis;  // what it relies on
    std::string story;           // for whoever looks for a bug in it
};

struct StoryOptions {
    int families = 400, months = 14;
    uint64_t seed = 1;
};

class Story {
  public:
    explicit Story(StoryOptions options);

    // Takes each event in the order of recording; an error stops the story and is given back.
    using Tell = std::function<schema::Result<void>(const Saying&)>;
    // Genesis, calendar and practice: what makes a ledger one that people can sign in to.
    schema::Result<void> open(const Tell& tell);
    schema::Result<void> play(const Tell& tell);

    Time begins() const { return begins_; }
    Time ends() const { return ends_; }
    Service& service() { return service_; }
    const std::vector<std::unique_ptr<Family>>& families() const { return families_; }
    size_t told() const { return told_; }

  private:
    using Step = void (Story::*)(Family&);
    struct Aside {
        // Headings and texts; about everyone in the family unless said otherwise.
        std::vector<std::pair<std::string, std::string>> words{};
        std::vector<SubjectId> about{};
        std::vector<std::pair<SubjectId, std::string>> names{};  // whose name this is
        std::optional<Time> happened{};
        std::vector<EventId> basis{};
        boost::json::object source{};
        std::optional<Voice> joint{};
        bool day_only = false;
    };

    // ---- telling ----
    EventId say(const StreamId& stream, const Voice& voice, const char* type, boost::json::object fact, Aside aside);
    EventId say(Family& family, const Voice& voice, const char* type, boost::json::object fact, Aside aside);
    EventId say(Family& family, const Voice& voice, const char* type, boost::json::object fact) {
        return say(family, voice, type, std::move(fact), Aside{});
    }
    void pause() { now_ += std::chrono::seconds{chance_.between(20, 100)}; }

    // ---- when ----
    void at(Time time, std::function<void()> deed);
    // Drops the step when the family's episode has ended by then; routine also when its ending has begun.
    void later(Time time, Family& family, Step step) {
        plan(time, family, false, [this, step](Family& f) { (this->*step)(f); });
    }
    void routine(Time time, Family& family, Step step) {
        plan(time, family, true, [this, step](Family& f) { (this->*step)(f); });
    }
    void plan(Time time, Family& family, bool routine, std::function<void(Family&)> deed);
    Time soon(int least_minutes, int most_minutes) { return hours_.later(now_, least_minutes, most_minutes, chance_); }
    Time in_working_days(int least, int most) { return in_working_days(now_, least, most); }
    Time in_working_days(Time from, int least, int most);
    Time in_days(int least, int most) { return in_days(now_, least, most); }
    Time in_days(Time from, int least, int most);   // calendar days, moved on to a working day
    static Time afternoon(Time time);               // of the same day
    Time ago(int least_minutes, int most_minutes);  // today, and not before nine
    schema::Day today() const { return schema::london_day(now_); }

    // ---- who ----
    Voice worker(const Family& family) const { return Service::as(*family.worker, "family-key-worker"); }
    Voice manager(const Family& family) const { return Service::as(service_.manager_of(family.team), "team-manager"); }
    Voice duty() const;  // the manager on duty today
    Voice practitioner();
    Voice social_worker(const Family& family) const;

    // ---- the service: demo_staff.cc ----
    void register_everybody();
    void register_person(const Person& person, schema::Day from);
    void enrol(const Person& person);
    void plan_the_year();
    void supervise(Person* worker);
    void supervise_together(std::string team);
    void worker_leaves();
    void reallocate(Family& family);

    // ---- keeping and forgetting: demo_keeping.cc ----
    void plan_the_keeping();
    void after_hours(schema::Day day, std::function<void()> deed);
    Family* next_kept();
    void hold_next(const Voice& voice, const char* reason);
    void set_retention();
    void request_erasure(const Voice& keeper, const Voice& head, bool ordered);
    void replace_own_key(Person& person);

    // ---- one family, stage by stage; each file begins with its order of steps ----
    void arrive();
    void receive_contact(Family& family, Time happened, bool out_of_hours);
    void recommend(Family& family);
    void decide_at_front_door(Family& family);
    void share_outcome(Family& family);
    void route(Family& family);
    void check_again(Family& family);
    void accept_referral(Family& family);
    void open_episode(Family& family);

    Person& choose_worker(Family& family, bool& over);
    void allocate(Family& family);
    void approve_override(Family& family);
    void complete_allocation(Family& family);
    void oversee_allocation(Family& family);
    void send_allocation_letter(Family& family);
    void contact_family(Family& family);

    void introduce(Family& family);
    void record_visit(Family& family, EventId visit, Person* visitor, Time held, bool introduction);
    void contact_agency(Family& family);
    void draw_network(Family& family);
    void start_assessment(Family& family);
    void submit_assessment(Family& family);
    void judge_assessment(Family& family);
    void share_assessment(Family& family);
    void hold_planning_meeting(Family& family);
    void oversee_first_plan(Family& family);
    void distribute_minutes(Family& family, EventId meeting);

    void plan_visit(Family& family, int least_days, int most_days, bool by_plan);
    void hold_visit(Family& family, Time held, bool by_plan);
    void write_note(Family& family);
    void review(Family& family);
    void review_with_manager(Family& family);
    void mark_significant(Family& family, EventId entry);
    void correct_visit(Family& family, EventId visit, const Person* visitor, Time held);
    Voice corrector(const Family& family, const Person* author) const;

    void raise_alert(Family& family);
    void decide_escalation(Family& family);
    void tell_family(Family& family);
    void not_tell_family(Family& family);
    void propose_step_up(Family& family);
    void prepare_summary(Family& family);
    void hold_panel(Family& family);
    void hand_over(Family& family);
    void open_receiving(Family& family);
    void close_releasing(Family& family);
    void propose_step_down(Family& family);

    void withdraw(Family& family);
    void consider_withdrawal(Family& family);
    void disengage(Family& family);
    void propose_closure(Family& family);
    void end_with(Family& family, const char* reason, bool worries);
    void consider_closure(Family& family);
    void meet_to_end(Family& family);
    void write_closing_papers(Family& family);
    void close_case(Family& family);
    void receive_feedback(Family& family);
    void episode_ended(Family& family);
    boost::json::array not_applicable(const Family& family) const;

    StoryOptions options_;
    Chance chance_, keeping_chance_;
    Hours hours_;
    Service service_;
    Time begins_, ends_, now_;
    std::vector<std::unique_ptr<Family>> families_;
    const Tell* tell_ = nullptr;
    schema::Result<void> result_;
    size_t told_ = 0;

    struct Planned {
        Time time;
        uint64_t number;
        std::function<void()> deed;
        bool operator<(const Planned& other) const {
            return std::tie(time, number) > std::tie(other.time, other.number);  // the earliest on top
        }
    };
    std::priority_queue<Planned> planned_;
    uint64_t numbered_ = 0;
};

// An id as JSON, and a list of them.
template <class Id>
boost::json::string text(const Id& id) {
    return boost::json::string(id.hex());
}
template <class Id>
boost::json::array list(const std::vector<Id>& ids) {
    boost::json::array texts;
    for (auto& id : ids) texts.push_back(text(id));
    return texts;
}

}  // namespace tools::demo
