-- One row a visit: when it began, where it came from, and the seconds spent on each of its pages.
WITH
    (number, what) -> sipHash64({seed:UInt64}, number, what) / 18446744073709551616. AS chance,
    (most, drawn) -> least(most, toUInt32(pow(most + 1, drawn))) AS zipf,
    -- Source, referrer's host, channel, whether the referrer has a path.
    [
        ('Google', 'google.com', 'Organic Search', false),
        ('Facebook', 'facebook.com', 'Organic Social', false),
        ('Bing', 'bing.com', 'Organic Search', false),
        ('Reddit', 'reddit.com', 'Organic Social', true),
        ('DuckDuckGo', 'duckduckgo.com', 'Organic Search', false),
        ('Hacker News', 'news.ycombinator.com', 'Referral', false),
        ('X', 't.co', 'Organic Social', true),
        ('YouTube', 'youtube.com', 'Organic Video', false),
        ('ChatGPT', 'chatgpt.com', 'AI Assistant', false),
        ('LinkedIn', 'linkedin.com', 'Organic Social', false),
        ('GitHub', 'github.com', 'Referral', true),
        ('Wikipedia', 'en.wikipedia.org', 'Referral', true),
        ('Instagram', 'instagram.com', 'Organic Social', false),
        ('Ecosia', 'ecosia.org', 'Organic Search', false),
        ('news.example', 'news.example', 'Referral', true),
        ('forum.example', 'forum.example', 'Referral', true),
        ('Yandex', 'yandex.com', 'Organic Search', false),
        ('partner.example', 'partner.example', 'Referral', true),
        ('Pinterest', 'pinterest.com', 'Organic Social', true),
        ('blog.example', 'blog.example', 'Referral', true)
    ] AS sources,
    -- utm_source, source, utm_medium, channel.
    [
        ('newsletter', 'newsletter', 'email', 'Email'),
        ('google', 'Google', 'cpc', 'Paid Search'),
        ('facebook', 'Facebook', 'paid', 'Paid Social'),
        ('partner', 'partner', 'affiliate', 'Affiliates')
    ] AS tags,
    chance(visit, 'tagged') < 0.1 AS tagged,
    not tagged AND chance(visit, 'direct') < 0.3 AS direct,
    tags[zipf(length(tags), chance(visit, 'tag'))] AS tag,
    sources[zipf(length(sources), chance(visit, 'source'))] AS origin
SELECT
    *,
    -- The last visit begins early enough for its tenth page, and all that happens there, to be of this day.
    80000 * (nth + (chance(visit, 'began') + chance(visit, 'noon')) / 2) / visits AS began,
    multiIf(tagged, tag.2, direct, '', origin.1) AS source,
    if(
        tagged OR direct,
        '',
        concat(origin.2, if(origin.4, concat('/thread-', toString(zipf(30, chance(visit, 'referrer')))), ''))
    ) AS referrer,
    multiIf(tagged, tag.4, direct, 'Direct', origin.3) AS channel,
    if(tagged, tag.1, '') AS utm_source,
    if(tagged, tag.3, '') AS utm_medium,
    if(tagged, concat('campaign-', toString(zipf(20, chance(visit, 'campaign')))), '') AS utm_campaign,
    if(tagged, ['banner', 'button', 'text'][zipf(3, chance(visit, 'content'))], '') AS utm_content,
    if(utm_medium = 'cpc', concat('word-', toString(zipf(50, chance(visit, 'term')))), '') AS utm_term,
    -- One page to ten, 3.1 in the mean (the exponent), 46 % just one; five seconds to ten minutes on each.
    arrayMap(
        step -> 5 + 600 * pow(chance(visit * 10 + step, 'stay'), 4),
        range(1 + toUInt32(10 * pow(chance(visit, 'pages'), 2.97)))
    ) AS stays
FROM
(
    SELECT *, arrayJoin(range(visits)) AS nth, person * 10 + nth AS visit
    FROM <<day_visitors>>
)
