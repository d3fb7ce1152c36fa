# Bank holidays of England and Wales, 2015 to 2028, on the day they are observed. A holiday that falls on a Saturday
# or Sunday is here as its substitute day, since a weekend is no working day anyway.
# `knownFrom` says when an extra or moved holiday was announced; before that day nobody could count with it.
# What a moved holiday left behind (2020-05-04, 2022-05-30) is a working day here, whoever asks and whenever.
@0x84f8e06bb66848ff;
using Cxx = import "/capnp/c++.capnp";
using P = import "../practice.capnp";
$Cxx.namespace("schema::packs");

const englandAndWales :P.Calendar = (
  id = "england-and-wales",
  edition = "2015 to 2028",
  from = 16436,   # 2015-01-01
  until = 21549,  # 2028-12-31
  zone = "Europe/London",
  source = "Banking and Financial Dealings Act 1971 and proclamations; as in date-holidays 3.37.0, GB",
  holidays = [
    (day = 16436, title = "New Year's Day"),  # 2015-01-01
    (day = 16528, title = "Good Friday"),  # 2015-04-03
    (day = 16531, title = "Easter Monday"),  # 2015-04-06
    (day = 16559, title = "Early May bank holiday"),  # 2015-05-04
    (day = 16580, title = "Spring bank holiday"),  # 2015-05-25
    (day = 16678, title = "Summer bank holiday"),  # 2015-08-31
    (day = 16794, title = "Christmas Day"),  # 2015-12-25
    (day = 16797, title = "Boxing Day, substitute day"),  # 2015-12-28
    (day = 16801, title = "New Year's Day"),  # 2016-01-01
    (day = 16885, title = "Good Friday"),  # 2016-03-25
    (day = 16888, title = "Easter Monday"),  # 2016-03-28
    (day = 16923, title = "Early May bank holiday"),  # 2016-05-02
    (day = 16951, title = "Spring bank holiday"),  # 2016-05-30
    (day = 17042, title = "Summer bank holiday"),  # 2016-08-29
    (day = 17161, title = "Boxing Day"),  # 2016-12-26
    (day = 17162, title = "Christmas Day, substitute day"),  # 2016-12-27
    (day = 17168, title = "New Year's Day, substitute day"),  # 2017-01-02
    (day = 17270, title = "Good Friday"),  # 2017-04-14
    (day = 17273, title = "Easter Monday"),  # 2017-04-17
    (day = 17287, title = "Early May bank holiday"),  # 2017-05-01
    (day = 17315, title = "Spring bank holiday"),  # 2017-05-29
    (day = 17406, title = "Summer bank holiday"),  # 2017-08-28
    (day = 17525, title = "Christmas Day"),  # 2017-12-25
    (day = 17526, title = "Boxing Day"),  # 2017-12-26
    (day = 17532, title = "New Year's Day"),  # 2018-01-01
    (day = 17620, title = "Good Friday"),  # 2018-03-30
    (day = 17623, title = "Easter Monday"),  # 2018-04-02
    (day = 17658, title = "Early May bank holiday"),  # 2018-05-07
    (day = 17679, title = "Spring bank holiday"),  # 2018-05-28
    (day = 17770, title = "Summer bank holiday"),  # 2018-08-27
    (day = 17890, title = "Christmas Day"),  # 2018-12-25
    (day = 17891, title = "Boxing Day"),  # 2018-12-26
    (day = 17897, title = "New Year's Day"),  # 2019-01-01
    (day = 18005, title = "Good Friday"),  # 2019-04-19
    (day = 18008, title = "Easter Monday"),  # 2019-04-22
    (day = 18022, title = "Early May bank holiday"),  # 2019-05-06
    (day = 18043, title = "Spring bank holiday"),  # 2019-05-27
    (day = 18134, title = "Summer bank holiday"),  # 2019-08-26
    (day = 18255, title = "Christmas Day"),  # 2019-12-25
    (day = 18256, title = "Boxing Day"),  # 2019-12-26
    (day = 18262, title = "New Year's Day"),  # 2020-01-01
    (day = 18362, title = "Good Friday"),  # 2020-04-10
    (day = 18365, title = "Easter Monday"),  # 2020-04-13
    (day = 18390, title = "Early May bank holiday (VE day)", knownFrom = 18054),  # 2020-05-08, known from 2019-06-07
    (day = 18407, title = "Spring bank holiday"),  # 2020-05-25
    (day = 18505, title = "Summer bank holiday"),  # 2020-08-31
    (day = 18621, title = "Christmas Day"),  # 2020-12-25
    (day = 18624, title = "Boxing Day, substitute day"),  # 2020-12-28
    (day = 18628, title = "New Year's Day"),  # 2021-01-01
    (day = 18719, title = "Good Friday"),  # 2021-04-02
    (day = 18722, title = "Easter Monday"),  # 2021-04-05
    (day = 18750, title = "Early May bank holiday"),  # 2021-05-03
    (day = 18778, title = "Spring bank holiday"),  # 2021-05-31
    (day = 18869, title = "Summer bank holiday"),  # 2021-08-30
    (day = 18988, title = "Christmas Day, substitute day"),  # 2021-12-27
    (day = 18989, title = "Boxing Day, substitute day"),  # 2021-12-28
    (day = 18995, title = "New Year's Day, substitute day"),  # 2022-01-03
    (day = 19097, title = "Good Friday"),  # 2022-04-15
    (day = 19100, title = "Easter Monday"),  # 2022-04-18
    (day = 19114, title = "Early May bank holiday"),  # 2022-05-02
    (day = 19145, title = "Spring bank holiday (moved)", knownFrom = 18578),  # 2022-06-02, known from 2020-11-12
    (day = 19146, title = "Platinum Jubilee bank holiday", knownFrom = 18578),  # 2022-06-03, known from 2020-11-12
    (day = 19233, title = "Summer bank holiday"),  # 2022-08-29
    (day = 19254, title = "State funeral of Queen Elizabeth II", knownFrom = 19245),  # 2022-09-19, known from 2022-09-10
    (day = 19352, title = "Boxing Day"),  # 2022-12-26
    (day = 19353, title = "Christmas Day, substitute day"),  # 2022-12-27
    (day = 19359, title = "New Year's Day, substitute day"),  # 2023-01-02
    (day = 19454, title = "Good Friday"),  # 2023-04-07
    (day = 19457, title = "Easter Monday"),  # 2023-04-10
    (day = 19478, title = "Early May bank holiday"),  # 2023-05-01
    (day = 19485, title = "Coronation of King Charles III", knownFrom = 19302),  # 2023-05-08, known from 2022-11-06
    (day = 19506, title = "Spring bank holiday"),  # 2023-05-29
    (day = 19597, title = "Summer bank holiday"),  # 2023-08-28
    (day = 19716, title = "Christmas Day"),  # 2023-12-25
    (day = 19717, title = "Boxing Day"),  # 2023-12-26
    (day = 19723, title = "New Year's Day"),  # 2024-01-01
    (day = 19811, title = "Good Friday"),  # 2024-03-29
    (day = 19814, title = "Easter Monday"),  # 2024-04-01
    (day = 19849, title = "Early May bank holiday"),  # 2024-05-06
    (day = 19870, title = "Spring bank holiday"),  # 2024-05-27
    (day = 19961, title = "Summer bank holiday"),  # 2024-08-26
    (day = 20082, title = "Christmas Day"),  # 2024-12-25
    (day = 20083, title = "Boxing Day"),  # 2024-12-26
    (day = 20089, title = "New Year's Day"),  # 2025-01-01
    (day = 20196, title = "Good Friday"),  # 2025-04-18
    (day = 20199, title = "Easter Monday"),  # 2025-04-21
    (day = 20213, title = "Early May bank holiday"),  # 2025-05-05
    (day = 20234, title = "Spring bank holiday"),  # 2025-05-26
    (day = 20325, title = "Summer bank holiday"),  # 2025-08-25
    (day = 20447, title = "Christmas Day"),  # 2025-12-25
    (day = 20448, title = "Boxing Day"),  # 2025-12-26
    (day = 20454, title = "New Year's Day"),  # 2026-01-01
    (day = 20546, title = "Good Friday"),  # 2026-04-03
    (day = 20549, title = "Easter Monday"),  # 2026-04-06
    (day = 20577, title = "Early May bank holiday"),  # 2026-05-04
    (day = 20598, title = "Spring bank holiday"),  # 2026-05-25
    (day = 20696, title = "Summer bank holiday"),  # 2026-08-31
    (day = 20812, title = "Christmas Day"),  # 2026-12-25
    (day = 20815, title = "Boxing Day, substitute day"),  # 2026-12-28
    (day = 20819, title = "New Year's Day"),  # 2027-01-01
    (day = 20903, title = "Good Friday"),  # 2027-03-26
    (day = 20906, title = "Easter Monday"),  # 2027-03-29
    (day = 20941, title = "Early May bank holiday"),  # 2027-05-03
    (day = 20969, title = "Spring bank holiday"),  # 2027-05-31
    (day = 21060, title = "Summer bank holiday"),  # 2027-08-30
    (day = 21179, title = "Christmas Day, substitute day"),  # 2027-12-27
    (day = 21180, title = "Boxing Day, substitute day"),  # 2027-12-28
    (day = 21186, title = "New Year's Day, substitute day"),  # 2028-01-03
    (day = 21288, title = "Good Friday"),  # 2028-04-14
    (day = 21291, title = "Easter Monday"),  # 2028-04-17
    (day = 21305, title = "Early May bank holiday"),  # 2028-05-01
    (day = 21333, title = "Spring bank holiday"),  # 2028-05-29
    (day = 21424, title = "Summer bank holiday"),  # 2028-08-28
    (day = 21543, title = "Christmas Day"),  # 2028-12-25
    (day = 21544, title = "Boxing Day"),  # 2028-12-26
  ],
);
