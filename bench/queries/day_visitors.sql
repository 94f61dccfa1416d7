-- One row a visitor: where they are and what they browse with. Each list begins with what is commonest,
-- and `zipf` draws its n-th entry about 1/n as often as the first.
WITH
    (number, what) -> sipHash64({seed:UInt64}, number, what) / 18446744073709551616. AS chance,
    (most, drawn) -> least(most, toUInt32(pow(most + 1, drawn))) AS zipf,
    ['US', 'DE', 'GB', 'FR', 'UA', 'PL', 'NL', 'ES', 'IT', 'CA', 'AT', 'CH', 'SE', 'BR', 'IN'] AS countries,
    arrayMap(back -> toString(142 - back), range(12)) AS chrome,
    arrayMap(back -> toString(145 - back), range(10)) AS firefox,
    ['26', '18', '17', '16', '15'] AS safari,
    -- Browser, its versions, system, its versions as browsers state them, device, screens.
    [
        ('Chrome', chrome, 'Windows', ['10'], 'Desktop', ['Laptop', 'Desktop']),
        ('Safari', safari, 'iOS', ['18', '26', '17', '16'], 'Mobile', ['Mobile']),
        ('Chrome', chrome, 'Android', ['10'], 'Mobile', ['Mobile']),
        ('Safari', safari, 'macOS', ['10.15'], 'Desktop', ['Laptop', 'Desktop']),
        ('Edge', chrome, 'Windows', ['10'], 'Desktop', ['Laptop', 'Desktop']),
        ('Firefox', firefox, 'Windows', ['10', '7', '8.1'], 'Desktop', ['Desktop', 'Laptop']),
        ('Samsung Internet', ['29', '28', '27', '25'], 'Android', ['10'], 'Mobile', ['Mobile']),
        ('Chrome', chrome, 'macOS', ['10.15'], 'Desktop', ['Laptop', 'Desktop']),
        ('Firefox', firefox, 'Linux', [''], 'Desktop', ['Desktop', 'Laptop']),
        ('Safari', safari, 'iOS', ['18', '17', '26'], 'Tablet', ['Tablet', 'Laptop']),
        ('Chrome', chrome, 'Linux', [''], 'Desktop', ['Desktop', 'Laptop']),
        ('Firefox', firefox, 'Android', ['16', '15', '14', '13', '12'], 'Mobile', ['Mobile']),
        ('Firefox', firefox, 'macOS', ['10.15'], 'Desktop', ['Laptop', 'Desktop']),
        ('Opera', ['125', '124', '123'], 'Windows', ['10'], 'Desktop', ['Laptop', 'Desktop']),
        ('Chrome', chrome, 'Chrome OS', [''], 'Desktop', ['Laptop'])
    ] AS platforms,
    platforms[zipf(length(platforms), chance(person, 'platform'))] AS platform
SELECT
    number AS person,
    sipHash64({seed:UInt64}, person, 'token') AS visitor,
    countries[zipf(length(countries), chance(person, 'country'))] AS country,
    platform.1 AS browser,
    (platform.2)[zipf(length(platform.2), chance(person, 'browser version'))] AS browser_version,
    platform.3 AS os,
    (platform.4)[zipf(length(platform.4), chance(person, 'system version'))] AS os_version,
    platform.5 AS device,
    (platform.6)[zipf(length(platform.6), chance(person, 'screen'))] AS screen,
    -- Four in five come once, the others up to four times.
    1 + toUInt32(4 * pow(chance(person, 'visits'), 6)) AS visits
FROM numbers({visitors:UInt64})
