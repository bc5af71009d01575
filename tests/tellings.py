"""Stories as several papers tell them, and some that are only like them."""

from __future__ import annotations

from typing import NamedTuple


class Telling(NamedTuple):
    """A title and a text, as one source has them."""

    title: str
    text: str


BRIDGE = Telling(
    "Storm closes the northern bridge for three days",
    "The northern bridge will stay closed until Thursday after the storm tore loose two of its"
    " cables on Monday night, the harbour office said. Engineers found the damage at dawn and"
    " stopped all traffic. About 4,200 cars cross the bridge on a working day; they are now sent"
    " over the old road, which adds 35 minutes. A ferry will carry lorries from Tuesday noon."
    " Nobody"
    " was hurt. The bridge was built in 1974 and last repaired eight years ago, when the council"
    " refused to replace the cables because of the cost. The mayor said that the question would now"
    " be asked again.",
)
BRIDGE_REWRITTEN = Telling(
    "Northern bridge closed for three days by storm",
    "<p>The northern bridge will stay closed until Thursday after a storm tore loose two of its"
    " cables on Monday night, the harbour office said. Engineers found the damage at dawn and"
    " stopped all traffic.</p><p>Some 4200 cars cross the bridge on a working day; they are now"
    " sent"
    " over the old road, which adds 35 minutes. A ferry carries lorries from Tuesday noon. No one"
    " was hurt.</p><p>The bridge was built in 1974 and last repaired eight years ago, when the"
    " council refused to replace the cables because of the cost. The mayor said the question would"
    " be asked again.</p>",
)
BRIDGE_LATER = Telling(
    "Northern bridge, closed by storm, may stay closed for months",
    "Repairs to the northern bridge could take until spring, an inspector told the council on"
    " Wednesday. Three more cables show rust, and the firm that made them no longer exists. The"
    " council will vote on a loan of 12 million next week. Shopkeepers on the island say that they"
    " lost half of their trade since Monday and ask for a free ferry. The harbour office answered"
    " that it has no second boat, and that the first one is older than the bridge itself."
    " Pupils are"
    " taught at home until then.",
)
BRIDGE_IN_GERMAN = Telling(
    "Sturm sperrt die Nordbrücke für drei Tage",
    "Die Nordbrücke bleibt bis Donnerstag gesperrt, nachdem der Sturm am Montagabend zwei ihrer"
    " Seile gelöst hat, teilte das Hafenamt mit. Ingenieure fanden den Schaden im Morgengrauen und"
    " hielten den Verkehr an. Etwa 4.200 Autos fahren werktags über die Brücke; sie werden nun über"
    " die alte Straße geleitet, was 35 Minuten länger dauert. Eine Fähre befördert ab Dienstagm"
    "ittag"
    " Lastwagen. Verletzt wurde niemand. Die Brücke wurde 1974 gebaut.",
)
METRO = Telling(
    "南昌地铁四号线一期工程今日开通运营",
    "今日上午十时，南昌地铁四号线一期工程正式开通运营，全长39.6公里，设车站29座。该线路连接红谷滩与"
    "青山湖两个片区，首班车六时三十分发出，末班车二十二时三十分发出。市轨道交通集团负责人介绍，"
    "四号线采用六节编组列车，最高时速八十公里，预计日均客流量可达二十万人次。开通首周市民可凭乘车码"
    "免费乘坐。至此，南昌轨道交通运营里程突破一百二十公里，初步形成网络化运营格局。",
)
METRO_REWRITTEN = Telling(
    "南昌地铁四号线一期今日正式开通运营",
    "<p>　　南昌地铁四号线一期工程今日上午十时正式开通运营，线路全长39.6公里，共设车站29座。</p>"
    "<p>　　该线路连接红谷滩与青山湖两个片区，首班车六时三十分发出，末班车二十二时三十分发出。"
    "据市轨道"
    "交通集团负责人介绍，四号线采用六节编组列车，最高时速八十公里，预计日均客流量达二十万人次。</p>"
    "<p>　　开通首周市民可凭乘车码免费乘坐。至此，南昌轨道交通运营里程突破一百二十公里，形成网"
    "络化运营"
    "格局。（责任编辑：王小明 0791-88886666）</p>",
)
METRO_OTHER = Telling(
    "南昌地铁四号线二期工程今日开工建设",
    "记者从市发改委获悉，备受关注的二期工程已获批复，将于年内全面动工，总投资约168亿元。项目建"
    "成后将"
    "进一步完善城市东部路网，缓解高峰时段拥堵。沿线居民对施工期间的交通组织十分关心，交管部门表"
    "示将分阶段"
    "围挡，并增开三条接驳公交。专家认为，轨道建设带动沿线商业和住房需求，但也应警惕盲目扩张带来"
    "的债务压力。",
)
REPO = Telling(
    "央行今日开展100亿元逆回购操作",
    "为维护银行体系流动性合理充裕，人民银行今日以利率招标方式开展了100亿元逆回购操作，期限为7天"
    "，中标"
    "利率为2.10%。因今日有500亿元逆回购到期，当日实现净回笼400亿元。交易员表示，资金面整体平稳"
    "，隔夜"
    "利率小幅下行，市场对后续政策保持观望。",
)
REPO_NEXT_DAY = Telling(
    "央行今日开展200亿元逆回购操作",
    REPO.text.replace("100亿元", "200亿元").replace("400亿元", "300亿元"),
)
BRIEFING = Telling(
    "Morning briefing",
    "Good morning. Here is what you need to know today. The parliament votes on the fishing bill at"
    " noon; both sides expect a close result. The price of coffee has risen for the ninth week. In"
    " sport, the rowers won in Lucerne by a length. The weather stays dry with light wind from the"
    " east. Tonight the museum opens its new wing, and entry is free until midnight for everybody.",
)
OTHER_BRIEFING = Telling(
    "Morning briefing",
    "Good morning. Here is what you need to know today. Two ministers have resigned over the school"
    " reform, and a third is said to consider it. A cargo ship ran aground off the cape; its"
    " crew of"
    " nineteen is safe. Researchers have counted more storks than ever since records began. The"
    " film"
    " festival closed with a prize for a first work. Expect rain in the afternoon and a cold"
    " night.",
)
FLASH = Telling("沪指午后翻红", "沪指午后翻红，券商股领涨。")
