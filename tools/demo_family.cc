#include "tools/demo_family.h"

namespace tools::demo {
namespace {

// Invented, and meant to sound so.
constexpr const char* first_halves[] = {"Ash",    "Bram",    "Cinder", "Dapple",  "Elder",   "Fern",
                                        "Gorse",  "Hazel",   "Iron",   "Juniper", "Kestrel", "Lark",
                                        "Marl",   "Nettle",  "Oak",    "Pebble",  "Quill",   "Rush",
                                        "Sorrel", "Thistle", "Umber",  "Vetch",   "Willow",  "Yarrow"};
constexpr const char* second_halves[] = {"combe", "den",   "field", "gate",   "hurst", "ley",  "mere",  "nook",  "over",
                                         "path",  "ridge", "stead", "thorpe", "water", "wick", "worth", "bourne"};
constexpr const char* child_names[] = {
    "Alba",  "Bo",    "Cass", "Dilys", "Eno",   "Farrow", "Gwin",    "Halle", "Ikra", "Juno",   "Kit",  "Lowri",
    "Mico",  "Nia",   "Osei", "Piran", "Quill", "Remy",   "Sunniva", "Tarn",  "Una",  "Vesper", "Wren", "Xanthe",
    "Yusuf", "Zadie", "Ari",  "Bela",  "Caden", "Demi",   "Elif",    "Fionn", "Ola",  "Priya",  "Rafe", "Saskia"};
constexpr const char* adult_names[] = {"Adaeze", "Bryn",    "Carys", "Declan", "Esme",   "Folake",  "Gareth", "Hana",
                                       "Ivo",    "Jolanta", "Kwame", "Leila",  "Marek",  "Noor",    "Orla",   "Pavel",
                                       "Roisin", "Samir",   "Tegan", "Uma",    "Viktor", "Winsome", "Yannis", "Zosia"};
constexpr const char* factors[] = {"domestic-abuse",
                                   "parental-mental-health",
                                   "parental-learning-needs",
                                   "parental-substance-misuse",
                                   "school-exclusion-or-attendance",
                                   "early-neglect",
                                   "physical-chastisement"};
constexpr const char* referrers[] = {"school",
                                     "school",
                                     "school",
                                     "health-visitor",
                                     "health-visitor",
                                     "general-practitioner",
                                     "parent",
                                     "parent",
                                     "police",
                                     "childrens-centre",
                                     "early-years-provider",
                                     "midwife",
                                     "camhs",
                                     "education-inclusion",
                                     "youth-service",
                                     "young-person"};

}  // namespace

std::vector<SubjectId> Family::child_ids() const {
    std::vector<SubjectId> ids;
    for (auto& child : children) ids.push_back(child.id);
    return ids;
}

std::vector<SubjectId> Family::everyone() const {
    auto ids = child_ids();
    for (auto& adult : adults) ids.push_back(adult.id);
    return ids;
}

Family invent_family(size_t number, Chance& chance) {
    Family family;
    family.number = number;
    family.stream = chance.id<StreamId>();
    family.surname = chance.pick(first_halves);
    family.surname += chance.pick(second_halves);
    int dice = chance.between(1, 100);
    int count = dice <= 25 ? 1 : dice <= 57 ? 2 : dice <= 81 ? 3 : dice <= 93 ? 4 : 5;
    int age = chance.between(0, 15);
    std::vector<std::string> names(std::begin(child_names), std::end(child_names));
    chance.shuffle(names);
    for (int i = 0; i < count; ++i) {
        Member child{chance.id<SubjectId>(), names[static_cast<size_t>(i)], age};
        child.name += " " + family.surname;
        family.children.push_back(child);
        age = (age + chance.between(2, 5)) % 17;
    }
    for (int i = chance.percent(55) ? 2 : 1; i > 0; --i) {
        Member adult{chance.id<SubjectId>(), chance.pick(adult_names), 0};
        adult.name += " " + family.surname;
        family.adults.push_back(adult);
    }
    static constexpr const char* places[] = {"north", "south", "central"};
    family.locality = chance.pick(places);
    family.team = family.locality == "central" ? (number % 2 ? "north" : "south") : family.locality;
    family.referrer = chance.pick(referrers);
    std::vector<std::string> all(std::begin(factors), std::end(factors));
    chance.shuffle(all);
    all.resize(static_cast<size_t>(chance.between(1, 3)));
    family.factors = std::move(all);
    return family;
}

std::vector<Fate> deal_fates(size_t count, Chance& chance) {
    std::vector<Fate> fates;
    for (size_t block = 0; fates.size() < count; ++block) {
        static constexpr Fate escalations[] = {Fate::child_in_need, Fate::panel_declines, Fate::significant_harm};
        std::vector<Fate> deck{Fate::signposted, Fate::signposted, Fate::signposted, Fate::redirected,
                               Fate::redirected, Fate::withdraws,  Fate::disengages, Fate::worry_passes,
                               Fate::returns,    Fate::step_down};
        if (block % 2 == 0) deck.push_back(Fate::child_in_need);
        deck.push_back(block % 2 ? Fate::refused : Fate::overturned);
        deck.push_back(escalations[block % 3]);
        deck.resize(20, Fate::steady);
        chance.shuffle(deck);
        fates.insert(fates.end(), deck.begin(), deck.end());
    }
    fates.resize(count);
    return fates;
}

}  // namespace tools::demo
