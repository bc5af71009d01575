"""Pairs of articles by two sources, in Chinese and English, and whether they tell one story.

Three kinds: one story as two papers print it, two stories on one subject, and two that were filled
into the same form. The texts were written for this purpose, after what papers and agencies print.
"""

from __future__ import annotations

from typing import NamedTuple

from tests.tellings import Telling


class Pair(NamedTuple):
    """Two articles of two sources."""

    one: Telling
    other: Telling


# ── forms: the same words each time, but for what they are about ──────────────────────────────────


def margin(company: str, code: str, bought: str, net: str, balance: str, day: int = 20) -> Telling:
    return Telling(
        f"{company}：11月{day}日融资净买入{net}亿元",
        f"同花顺数据显示，{company}（{code}）11月{day}日获融资买入{bought}亿元，当日融资净买入{net}亿元，"
        f"目前融资余额为{balance}亿元，占流通市值的比例处于近一年的较高水平。融券方面，当日融券卖出量与融券"
        "偿还量基本持平，融券余额处于低位。融资融券余额较前一交易日有所上升，超过近一年百分之八十的交易日。"
        "提示：融资余额长期增加时，表示投资者心态偏向买方，反之则属弱势市场。",
    )


def quarter(company: str, profit: str, growth: str, revenue: str, name: str = "三") -> Telling:
    return Telling(
        f"{company}：前{name}季度净利润同比增长{growth}%",
        f"{company}晚间披露{name}季报，公司前{name}季度实现营业收入{revenue}亿元，归属于上市公司股东的净利润"
        f"{profit}亿元，同比增长{growth}%。基本每股收益较上年同期有所提高。公司表示，报告期内业绩增长主要"
        "系主营产品销量增加、产品结构优化以及费用率下降所致。经营活动产生的现金流量净额同比改善。本次利润"
        "分配预案为不派发现金红利，不送红股，不以公积金转增股本。",
    )


def weather(city: str, night: str = "晴转多云", high: int = 16, low: int = 5) -> Telling:
    return Telling(
        f"{city}今日天气：{night}，最高气温{high}℃",
        f"{city}市气象台今晨发布天气预报：预计今天白天{night}，偏北风二三级，最高气温{high}℃；夜间多云，"
        f"偏北风一二级，最低气温{low}℃。明后两天以晴到多云天气为主，昼夜温差较大，请注意适时增减衣物，"
        f"谨防感冒。{city}市环境监测中心提示，受冷空气影响，空气质量总体较好，适宜开展户外活动，早晚出行"
        "请注意交通安全。",
    )


def weather_en(city: str, high: int = 14, low: int = 6) -> Telling:
    return Telling(
        f"{city} weather today: cloudy with a high of {high}",
        f"{city} will be mostly cloudy today with light winds from the west, forecasters said on"
        f" Friday. Temperatures in {city} will reach a high of {high} degrees in the afternoon and"
        f" fall to {low} degrees overnight. There is a small chance of rain in the evening. The"
        " weekend will be dry and a little warmer, and no warnings are in force. Pollen counts are"
        " low. Sunrise and sunset times can be found on the page of the weather service.",
    )


def earnings(company: str, profit: str, revenue: str, share: str, quarter: str) -> Telling:
    return Telling(
        f"{company} {quarter} profit rises to ${profit} billion",
        f"{company} reported on Thursday a {quarter} net profit of ${profit} billion, up from a"
        f" year earlier, helped by higher prices and lower costs. Revenue rose to ${revenue}"
        f" billion. Adjusted earnings were ${share} a share. The company kept its forecast for the"
        f" full year and said demand stayed strong in all of its regions. Shares of {company} rose"
        " in early trading. Analysts had expected a smaller gain, according to a survey of"
        " estimates.",
    )


def appointed(person: str, post: str, before: str) -> Telling:
    return Telling(
        f"{person}任{post}",
        f"市人大常委会今日举行会议，会议经过表决，决定任命{person}为{post}。会议由市人大常委会主任主持，"
        f"市政府、市监察委员会、市中级人民法院、市人民检察院负责人列席会议。{person}，男，汉族，大学学历，"
        f"中共党员，此前担任{before}。会议举行了宪法宣誓仪式，新任命的国家机关工作人员面向国旗，左手抚按"
        "宪法，右手举拳，进行了庄严宣誓。会后颁发了任命书。",
    )


def index_fund(fund: str, rise: str, price: str) -> Telling:
    return Telling(
        f"{fund}ETF涨{rise}%，成交额居同类首位",
        f"截至收盘，{fund}ETF上涨{rise}%，报{price}元，换手活跃，成交额居同类产品首位。{fund}ETF紧密跟踪中证"
        "指数，该指数选取业务涉及相关领域的上市公司证券作为样本，以反映该主题上市公司证券的整体表现。数据"
        "显示，前十大权重股合计占比超过一半。机构认为，行业景气度有望延续，建议关注估值合理的龙头公司。"
        "没有股票账户的投资者可以通过场外联接基金进行布局。",
    )


def quake(place: str, strength: str, depth: int, at: str) -> Telling:
    return Telling(
        f"{place}发生{strength}级地震",
        f"中国地震台网正式测定：今日{at}在{place}发生{strength}级地震，震源深度{depth}千米。震中附近有较强"
        "震感，截至发稿时未接到人员伤亡和房屋倒塌的报告。当地应急管理、消防救援、地震等部门已派出工作组"
        "赶赴震中了解情况，通信、电力、交通保持正常。专家提醒，近期可能有余震发生，请当地群众注意防范，"
        "不信谣、不传谣，以官方发布的信息为准。",
    )


def quake_en(place: str, strength: str, depth: int) -> Telling:
    return Telling(
        f"Magnitude {strength} earthquake strikes {place}",
        f"An earthquake of magnitude {strength} struck {place} early on Friday, the geological"
        f" survey said. The quake was at a depth of {depth} km and was felt in several towns. There"
        " were no immediate reports of damage or casualties. No tsunami warning was issued. Local"
        " officials asked people to stay away from damaged buildings and to be ready for"
        " aftershocks. The region lies on a boundary of plates where earthquakes are frequent.",
    )


def match(home: str, guest: str, score: str, scorer: str, minute: int) -> Telling:
    return Telling(
        f"{home} beat {guest} {score}",
        f"{home} beat {guest} {score} on Saturday to stay in touch with the leaders. {scorer} gave"
        f" the hosts the lead in the {minute}th minute with a header from a corner. {guest} pressed"
        f" after the break but found no way past the goalkeeper, and {scorer} settled the match"
        f" from the penalty spot. The coach of {home} praised the patience of the team. {guest}"
        " remain without an away win this season and play at home next week.",
    )


def closure(road: str, start: str, end: str, hours: str) -> Telling:
    return Telling(
        f"{road} closed for repairs from {start}",
        f"{road} will be closed in both directions from {start} to {end} between {hours}, the"
        " council said. Workers will renew the surface and the drains. Buses are diverted and stop"
        f" at the nearest corner. Residents of {road} can reach their houses on foot at all times."
        " The council apologises for the noise and asks drivers to follow the signs. The work"
        " depends on the weather and may be put off at short notice.",
    )


def notice(title: str) -> Telling:
    return Telling(
        title,
        "公司今日公告，因自身资金需要，持股5%以上股东拟自公告披露之日起15个交易日后的3个月内，通过集中竞价交易"
        "方式减持公司股份不超过总股本的1%。减持价格将根据减持时的市场价格确定。本次减持计划的实施不会导致公司"
        "控制权发生变更，不会对公司治理结构及持续经营产生重大影响。公司将督促股东严格遵守法律法规的规定，及时"
        "履行信息披露义务。",
    )


def notice_en(title: str) -> Telling:
    return Telling(
        title,
        "Notice is hereby given that the annual general meeting of the company will be held at its"
        " registered office on Thursday at 10 am for the following purposes: to receive the"
        " accounts for the year, to declare a final dividend, to elect the directors who retire by"
        " rotation, and to appoint the auditors. A member entitled to attend and vote may appoint"
        " a proxy who need not be a member. Forms must reach the registrar 48 hours before.",
    )


def paid(title: str) -> Telling:
    return Telling(
        title,
        "This article is for subscribers. Become a member today to read it and every other story"
        " we publish, to listen to them on the way to work, and to send ten of them each month to"
        " your friends. The first four weeks cost one euro, and you can leave whenever you like."
        " If you subscribe already, log in with your address; should you have forgotten what you"
        " chose as your password, we will send you a new one.",
    )


def paid_zh(title: str) -> Telling:
    return Telling(
        title,
        "本文为付费内容，订阅会员后可阅读全文。成为会员即可畅读本站所有深度报道，收听音频版，并可每月向好友赠送"
        "十篇文章。首月仅需一元，可随时取消自动续费。如已订阅，请登录账号继续阅读；忘记密码的用户可通过手机验证码"
        "重新设置。企业团体订阅请联系客服中心，工作日九点至十八点为您服务。",
    )


def job(what: str, where: str) -> Telling:
    return Telling(
        f"Wanted: {what} in {where}",
        f"The hospital of {where} is looking for a {what} for its intensive care unit, full time"
        " or part time, from January. We offer a permanent contract, 30 days of leave, a room in"
        " the staff house if you need one, and a kindergarten that opens at six. You bring a"
        " diploma, a friendly manner and the will to learn. Please send us your papers before the"
        " end of the month; we answer everybody.",
    )


def burglary(street: str) -> Telling:
    return Telling(
        f"Einbruch am {street}: Polizei sucht Zeugen",
        f"Unbekannte sind in der Nacht zum Freitag in ein Einfamilienhaus am {street} eingebrochen."
        " Sie hebelten ein Fenster auf der Rückseite auf und durchsuchten alle Räume. Was genau"
        " gestohlen wurde, steht noch nicht fest. Die Polizei sicherte Spuren und bittet Zeugen,"
        f" die am {street} verdächtige Personen oder Fahrzeuge gesehen haben, sich bei der"
        " Dienststelle zu melden. Hinweise nimmt jede Wache entgegen.",
    )


FORMS = {
    "margin trading of two companies, other numbers": Pair(
        margin("贵州茅台", "600519", "5.21", "1.02", "180.33"),
        margin("五粮液", "000858", "3.18", "1.47", "92.10"),
    ),
    "margin trading of two companies, one sum": Pair(
        margin("贵州茅台", "600519", "5.21", "1", "180.33"),
        margin("五粮液", "000858", "3.18", "1", "92.10"),
    ),
    "margin trading of two companies, all numbers the same": Pair(
        margin("中国银行", "600000", "5.21", "1", "92.10"),
        margin("中国建设银行", "600000", "5.21", "1", "92.10"),
    ),
    "margin trading of one company on two days": Pair(
        margin("贵州茅台", "600519", "5.21", "1.02", "180.33"),
        margin("贵州茅台", "600519", "5.21", "1.02", "180.33", day=21),
    ),
    "quarterly reports of two companies": Pair(
        quarter("海康威视", "88.5", "15.3", "649.9"), quarter("大华股份", "25.4", "15.3", "230.1")
    ),
    "quarterly reports of two companies, the same numbers": Pair(
        quarter("海康威视", "88.5", "15.3", "649.9"), quarter("大华股份", "88.5", "15.3", "649.9")
    ),
    "two quarters of one company": Pair(
        quarter("海康威视", "88.5", "15.3", "649.9"),
        quarter("海康威视", "56.6", "5.2", "412.1", name="两"),
    ),
    "the weather of two cities": Pair(weather("北京"), weather("上海", high=18, low=9)),
    "the weather of two cities, the same figures": Pair(weather("北京"), weather("上海")),
    "the weather of two cities whose names share a character": Pair(
        weather("南京"), weather("南昌")
    ),
    "the weather of one city on two days": Pair(weather("北京"), weather("北京", high=11, low=1)),
    "the weather of two English cities": Pair(weather_en("Leeds"), weather_en("York", 12, 4)),
    "the weather of two English cities, the same figures": Pair(
        weather_en("Leeds"), weather_en("York")
    ),
    "two companies' profits": Pair(
        earnings("Acme", "1.2", "14.3", "2.10", "third-quarter"),
        earnings("Borealis", "1.4", "9.8", "0.77", "third-quarter"),
    ),
    "two companies' profits, the same numbers": Pair(
        earnings("Acme", "1.2", "14.3", "2.10", "third-quarter"),
        earnings("Borealis", "1.2", "14.3", "2.10", "third-quarter"),
    ),
    "two companies with short names": Pair(
        earnings("BP", "1.2", "14.3", "2.10", "third-quarter"),
        earnings("GM", "1.2", "14.3", "2.10", "third-quarter"),
    ),
    "two quarters of an English company": Pair(
        earnings("Acme", "1.2", "14.3", "2.10", "third-quarter"),
        earnings("Acme", "1.1", "13.9", "1.90", "second-quarter"),
    ),
    "two appointments": Pair(
        appointed("王建国", "南昌市副市长", "市发展和改革委员会主任"),
        appointed("李卫东", "南昌市副市长", "市财政局局长"),
    ),
    "two funds": Pair(index_fund("芯片", "2.35", "1.021"), index_fund("军工", "1.98", "0.874")),
    "two funds, the same figures": Pair(
        index_fund("芯片", "2.35", "1.021"), index_fund("军工", "2.35", "1.021")
    ),
    "two earthquakes": Pair(
        quake("四川宜宾市兴文县", "4.5", 10, "9时21分"),
        quake("青海玉树州杂多县", "4.5", 10, "9时21分"),
    ),
    "two shocks at one place": Pair(
        quake("四川宜宾市兴文县", "4.5", 10, "9时21分"),
        quake("四川宜宾市兴文县", "4.5", 10, "14时02分"),
    ),
    "two English earthquakes": Pair(
        quake_en("western Turkey", "5.1", 10), quake_en("northern Chile", "5.1", 10)
    ),
    "two matches": Pair(
        match("Rovers", "Athletic", "2-0", "Okafor", 34), match("United", "Wanderers", "2-0",
        "Lindqvist", 34),
    ),
    "two roads": Pair(
        closure("Mill Street", "Monday", "Friday", "8 pm and 6 am"),
        closure("Church Street", "Monday", "Friday", "8 pm and 6 am"),
    ),
    "one road twice": Pair(
        closure("Mill Street", "Monday", "Friday", "8 pm and 6 am"),
        closure("Mill Street", "Saturday", "Sunday", "8 pm and 6 am"),
    ),
    "two companies named in the title alone": Pair(
        notice("贵州茅台：股东拟减持不超1%股份"), notice("五粮液：股东拟减持不超1%股份")
    ),
    "two English companies named in the title alone": Pair(
        notice_en("Acme: notice of annual general meeting"),
        notice_en("Kia: notice of annual general meeting"),
    ),
    "two stories that have to be paid for": Pair(
        paid("Markets rise on hopes of lower rates"), paid("Markets fall on fears of higher rates")
    ),
    "two Chinese stories that have to be paid for": Pair(
        paid_zh("独家：证监会酝酿调整再融资审核节奏"),
        paid_zh("独家：证监会酝酿调整并购重组审核节奏"),
    ),
    "two jobs": Pair(job("nurse", "Salzburg"), job("nurse", "Innsbruck")),
    "two streets' burglaries": Pair(burglary("Lindenweg"), burglary("Ahornweg")),
}  # fmt: skip


# ── one subject, two stories ──────────────────────────────────────────────────────────────────────

RELATED = {
    "a plan and what came of it": Pair(
        Telling(
            "证监会就上市公司减持新规公开征求意见",
            "证监会今日就修订后的上市公司股东减持股份管理办法公开征求意见。征求意见稿进一步严格规范大股东减持"
            "行为，明确控股股东、实际控制人在破发、破净情形下不得通过集中竞价交易减持，并将一致行动人合并计算。"
            "意见反馈截止时间为下月五日，社会公众可通过证监会网站或电子邮件提出修改意见。",
        ),
        Telling(
            "证监会正式发布上市公司减持新规",
            "减持新规正式落地，自公布之日起施行。与征求意见稿相比，正式稿采纳了市场各方提出的多条建议，对离婚"
            "分割、司法强制执行、融券卖出等方式的减持作出细化规定，同时给予违规减持者更严厉的处罚。分析人士"
            "认为，此举有助于稳定市场预期，中长期资金入市的环境将得到改善。",
        ),
    ),
    "morning and close of one market": Pair(
        Telling(
            "沪指早盘涨0.5%，券商板块领涨",
            "三大指数早盘小幅高开，随后震荡走高。截至午间收盘，沪指涨0.5%，深成指涨0.7%，创业板指涨1.1%。券商"
            "板块集体走强，多只个股涨停。半导体、消费电子板块表现活跃，煤炭、银行板块小幅回调。两市半日成交"
            "额超过五千亿元，个股涨多跌少，北向资金净流入。",
        ),
        Telling(
            "沪指收盘涨0.2%，券商板块冲高回落",
            "三大指数午后涨幅收窄。截至收盘，沪指涨0.2%，深成指涨0.1%，创业板指跌0.3%。券商板块冲高回落，白酒、"
            "医药板块尾盘走强，光伏概念股跌幅居前。两市全天成交额为九千亿元，较上一交易日放量。多家机构认为，"
            "指数短期仍以震荡为主，建议均衡配置。",
        ),
    ),
    "two sides of one dispute": Pair(
        Telling(
            "Airline pilots vote to strike over pay",
            "Pilots of the national airline voted by a wide margin to walk out next month after"
            " talks on wages broke down. Their union said that members had lost a tenth of their"
            " income to inflation and that the offer on the table would not make up for it. The"
            " first stoppage is set for the second weekend of December, when many families travel,"
            " and could ground half of the fleet for two days.",
        ),
        Telling(
            "Airline offers pilots more pay to avert strike",
            "Management has sweetened its proposal in the hope that cockpit crews will stay at"
            " work over the holidays, people close to the negotiations said. The new contract would"
            " run for three years and tie salaries to prices, but it also asks for longer rosters"
            " in summer. Shareholders are nervous: every day on the ground costs forty million, and"
            " rivals have started to sell extra seats on the busiest routes.",
        ),
    ),
    "a report and a comment on it": Pair(
        Telling(
            "Central bank raises rates by a quarter point",
            "The central bank lifted its main rate to 4.75 percent on Wednesday, the ninth rise in"
            " a row, and signalled that it was close to done. Inflation has slowed to 5 percent"
            " from a peak of 9 but is still far above the target. The governor told reporters that"
            " the board had looked at leaving borrowing costs alone before it decided with one"
            " vote against.",
        ),
        Telling(
            "Central bank was wrong to raise rates by a quarter point",
            "Another turn of the screw is the last thing this economy needs. Builders have stopped"
            " digging, shops are closing along every high street, and the young have given up on"
            " owning a home. The governor fights the last war with the only weapon he knows, while"
            " the fever he means to cure is already breaking. A pause would have cost nothing and"
            " calmed everybody.",
        ),
    ),
    "two launches of one maker": Pair(
        Telling(
            "Maker of phones unveils its thinnest model yet",
            "The handset is five millimetres thick and goes on sale in October for 999. It has one"
            " camera, a frame of titanium and a battery that lasts a day if one does not film. On"
            " stage the head of design spoke for twenty minutes about glass. Those who tried it in"
            " the hall found it light, warm and hard to hold, and wondered who had asked for it.",
        ),
        Telling(
            "Maker of phones unveils its largest model yet",
            "Nobody will carry it in a pocket: the new device unfolds twice and is then as wide as"
            " a newspaper. It costs 2,499, comes with a pen and runs three programs side by side."
            " The company wants to win back lawyers and architects, who have moved to rival"
            " tablets. Deliveries begin in spring, and only in two colours. A keyboard is sold"
            " separately.",
        ),
    ),
    "two elections in one country": Pair(
        Telling(
            "Ruling party loses regional election in the north",
            "Voters in the northern province have thrown out the party that governed them for 28"
            " years. With nearly all ballots counted, the opposition alliance had 53 percent. The"
            " result is a blow for the prime minister, who had campaigned there on four weekends"
            " and called it a test of his reforms. Turnout was the highest since the war, helped"
            " by sunshine and a row about hospitals.",
        ),
        Telling(
            "Ruling party wins regional election in the south",
            "The coast stays loyal: the governing conservatives kept their majority in the"
            " southern assembly and even gained two seats. Fishermen and hoteliers thanked them"
            " for a tax that never came. The left, divided over who should lead it, fell to its"
            " worst score in four decades. Its chairwoman resigned before midnight, and a congress"
            " will choose a successor in March.",
        ),
    ),
    "two opinions of one analyst": Pair(
        Telling(
            "中金公司：维持贵州茅台跑赢行业评级",
            "中金公司发布研报称，公司三季度直销渠道占比继续提升，系列酒增速快于预期。考虑到春节旺季临近，渠道"
            "库存处于合理水平，批价企稳回升，维持全年盈利预测不变，维持跑赢行业评级和目标价。风险在于宏观消费"
            "恢复不及预期以及行业竞争加剧。",
        ),
        Telling(
            "中金公司：维持宁德时代跑赢行业评级",
            "中金公司研报指出，动力电池装机量环比回升，海外工厂爬坡顺利，储能订单饱满。碳酸锂价格下行带动单位"
            "毛利修复，神行电池有望在明年放量。公司现金流充裕，研发投入居行业首位。当前股价对应明年市盈率处于"
            "历史低位，维持目标价。需关注贸易政策变化的影响。",
        ),
    ),
    "the same event in two places": Pair(
        Telling(
            "南昌国际马拉松今晨鸣枪开跑",
            "今晨七时三十分，来自三十多个国家和地区的两万余名选手从秋水广场出发，沿赣江两岸奔跑。赛道串联起滕王"
            "阁、八一大桥等地标，沿途设置了十二个文艺表演点。最终肯尼亚选手以两小时九分的成绩夺冠，打破赛会纪录。"
            "本地跑者王女士说，家门口的赛事氛围一年比一年好。",
        ),
        Telling(
            "南京马拉松今晨鸣枪开跑",
            "两万四千名跑者今晨从奥体中心出发，穿过明城墙与玄武湖，终点设在青奥公园。赛事首次启用芯片防替跑系统，"
            "并为每位完赛者准备了盐水鸭与纪念奖牌。埃塞俄比亚选手包揽男女冠军。当日最低气温只有四摄氏度，部分"
            "路段有大风，医疗点共处置扭伤、失温等情况百余起。",
        ),
    ),
}


# ── one story, two papers ─────────────────────────────────────────────────────────────────────────

SAME = {
    "an agency's text under a shortened title": Pair(
        Telling(
            "国务院常务会议研究促进服务消费高质量发展的若干措施",
            "新华社北京11月20日电 总理今日主持国务院常务会议，研究促进服务消费高质量发展的措施，"
            "听取关于灾后恢复重建工作的汇报。会议指出，服务消费是扩大内需的重要方向，要顺应居民消费升级趋势，"
            "在养老、托育、文化旅游、体育健身等领域推出一批针对性强的支持政策，放宽市场准入，加强标准建设。会议"
            "强调，要抓紧修复受损的水利、交通设施，确保群众温暖过冬。",
        ),
        Telling(
            "国务院常务会议：研究促进服务消费高质量发展若干措施",
            "<p>国务院总理11月20日主持召开国务院常务会议，研究促进服务消费高质量发展的若干措施，听取关于灾后恢复"
            "重建工作的汇报。</p><p>会议指出，服务消费是扩大内需的重要方向，要顺应居民消费升级趋势，在养老、托育、"
            "文化旅游、体育健身等领域推出一批针对性强的支持政策，放宽市场准入，加强标准建设。会议强调，要抓紧修复"
            "受损的水利、交通设施，确保群众温暖过冬。（来源：新华社）</p>",
        ),
    ),
    "a company's notice, reported twice": Pair(
        Telling(
            "比亚迪：前三季度净利润213.67亿元，同比增长129.47%",
            "比亚迪10月30日晚间披露三季报，公司前三季度实现营业收入4222.75亿元，同比增长57.75%；归属于上市公司"
            "股东的净利润213.67亿元，同比增长129.47%。其中第三季度净利润104.13亿元，同比增长82.16%。公司表示，"
            "业绩增长主要系新能源汽车业务增长所致，规模优势和产业链成本控制能力进一步显现。",
        ),
        Telling(
            "比亚迪前三季度净利润213.67亿元 同比增129.47%",
            "10月30日晚间，比亚迪披露三季报，公司前三季度实现营业收入4,222.75亿元，同比增长57.75%；归母净利润"
            "213.67亿元，同比增长129.47%；第三季度净利润104.13亿元，同比增长82.16%。公司称，业绩增长主要系新能源"
            "汽车业务增长所致，规模优势和产业链成本控制能力进一步显现。",
        ),
    ),
    "margin trading of one company, by two papers": Pair(
        margin("贵州茅台", "600519", "5.21", "1.02", "180.33"),
        Telling(
            "贵州茅台11月20日融资净买入1.02亿元",
            "<p>"
            + margin("贵州茅台", "600519", "5.21", "1.02", "180.33").text.replace(
                "同花顺数据显示，", "东方财富Choice数据显示："
            )
            + "</p>",
        ),
    ),
    "the weather of one city, by two papers": Pair(
        weather("北京"),
        Telling(
            "北京今日天气晴转多云 最高气温16℃",
            weather("北京").text.replace("今晨发布天气预报", "早上六点发布预报") + "（记者 李娜）",
        ),
    ),
    "an earthquake, by two papers": Pair(
        quake("四川宜宾市兴文县", "4.5", 10, "9时21分"),
        Telling(
            "四川宜宾兴文县发生4.5级地震 震源深度10千米",
            quake("四川宜宾市兴文县", "4.5", 10, "9时21分").text
            + "记者将持续关注救援进展。责任编辑：赵敏。",
        ),
    ),
    "an English earthquake, by two papers": Pair(
        quake_en("western Turkey", "5.1", 10),
        Telling(
            "Earthquake of magnitude 5.1 strikes western Turkey",
            "<p>"
            + quake_en("western Turkey", "5.1", 10).text.replace("early on Friday", "on Friday")
            + " More soon.</p>",
        ),
    ),
    "a match, by two papers": Pair(
        match("Rovers", "Athletic", "2-0", "Okafor", 34),
        Telling(
            "Rovers 2-0 Athletic: hosts beat Athletic",
            match("Rovers", "Athletic", "2-0", "Okafor", 34).text.replace(
                "to stay in touch with the leaders", "at a sold-out ground"
            ),
        ),
    ),
    "a company's profit, by two papers": Pair(
        earnings("Acme", "1.2", "14.3", "2.10", "third-quarter"),
        Telling(
            "Acme's third-quarter profit climbs to $1.2 billion",
            earnings("Acme", "1.2", "14.3", "2.10", "third-quarter").text.replace(
                "reported on Thursday", "said it made"
            ),
        ),
    ),
    "one word of the title is another": Pair(
        Telling(
            "Storm shuts northern bridge for three days",
            "The northern bridge will stay shut until Thursday after the storm tore loose two of"
            " its cables on Monday night, the harbour office said. Engineers found the damage at"
            " dawn and stopped all traffic. About 4,200 cars cross the bridge on a working day;"
            " they are now sent over the old road, which adds 35 minutes.",
        ),
        Telling(
            "Storm closes northern bridge for three days",
            "The northern bridge will stay closed until Thursday after the storm tore loose two of"
            " its cables on Monday night, the harbour office said. Engineers found the damage at"
            " dawn and stopped all traffic. About 4,200 cars cross the bridge on a working day;"
            " they are now sent over the old road, which adds 35 minutes.",
        ),
    ),
    "an agency's text with a paper's own head": Pair(
        Telling(
            "Parliament backs ban on single-use plastic bottles",
            "Lawmakers voted 312 to 198 on Tuesday to outlaw plastic bottles that are used only"
            " once, starting in 2029. Shops will have to take back what they sell, and makers pay"
            " for the machines. Industry groups said the deadline could not be met, while"
            " campaigners spoke of a historic day. The upper house votes in January and is"
            " expected to agree.",
        ),
        Telling(
            "UPDATE 1-Parliament backs ban on single-use plastic bottles",
            "(Adds reaction) Lawmakers voted 312 to 198 on Tuesday to outlaw plastic bottles that"
            " are used only once, starting in 2029. Shops will have to take back what they sell,"
            " and makers pay for the machines. Industry groups said the deadline could not be met,"
            " while campaigners spoke of a historic day. The upper house votes in January and is"
            " expected to agree. (Reporting by J. Doe)",
        ),
    ),
    "a flash and the same flash": Pair(
        Telling(
            "央行今日开展1000亿元7天期逆回购操作",
            "人民银行公告称，为维护银行体系流动性合理充裕，今日以利率招标方式开展了1000亿元7天期逆回购操作，中标"
            "利率为1.80%，与此前持平。Wind数据显示，今日有770亿元逆回购到期，据此计算，单日实现净投放230亿元。",
        ),
        Telling(
            "央行开展1000亿元7天期逆回购，中标利率1.80%",
            "为维护银行体系流动性合理充裕，人民银行今日以利率招标方式开展了1000亿元7天期逆回购操作，中标利率为"
            "1.80%。因今日有770亿元逆回购到期，单日实现净投放230亿元。",
        ),
    ),
    "full-width and half-width characters": Pair(
        Telling(
            "ＡＳＭＬ三季度营收７５亿欧元，净利润２１亿欧元",
            "光刻机巨头ＡＳＭＬ公布三季度财报，营收达到７５亿欧元，毛利率为５０．８％，净利润２１亿欧元，新增订单"
            "金额２６亿欧元，低于市场预期。公司预计第四季度营收在８８亿至９２亿欧元之间，并下调了明年的营收展望，"
            "主要由于部分晶圆厂建设推迟以及竞争态势导致需求复苏慢于预期。",
        ),
        Telling(
            "ASML三季度营收75亿欧元，净利润21亿欧元",
            "光刻机巨头ASML公布三季度财报，营收达到75亿欧元，毛利率为50.8%，净利润21亿欧元，新增订单金额26亿欧元，"
            "低于市场预期。公司预计第四季度营收在88亿至92亿欧元之间，并下调了明年的营收展望，主要由于部分晶圆厂"
            "建设推迟以及竞争态势导致需求复苏慢于预期。",
        ),
    ),
    "a local story, shortened": Pair(
        Telling(
            "Missing dog found after nine days on frozen lake island",
            "A terrier that ran off during a walk was found alive after nine days on a small"
            " island in the frozen lake, firefighters said. A pilot saw the animal from the air"
            " and called them. They crossed the ice on a sledge and brought the dog back to its"
            " owner, a retired teacher, who had put up posters in three towns. The dog has lost"
            " weight but is well.",
        ),
        Telling(
            "Missing dog found on frozen lake island after nine days",
            "<div>A terrier that ran off during a walk was found alive after nine days on a small"
            " island in the frozen lake, firefighters said on Sunday. A pilot saw the animal from"
            " the air and called them; they crossed the ice on a sledge and brought it back to its"
            " owner, a retired teacher, who had put up posters in three towns.</div>",
        ),
    ),
    "a study, by two science desks": Pair(
        Telling(
            "Whales sing lower than they did fifty years ago, study finds",
            "Blue whales sing at a lower pitch than they did fifty years ago, researchers reported"
            " in the journal on Monday. They compared recordings from 1973 to 2023 from six"
            " oceans and found that the songs have dropped by a third. Nobody knows the reason."
            " One idea is that the animals no longer need to be as loud because there are more of"
            " them; another is that the noise of ships has changed what carries.",
        ),
        Telling(
            "Study finds whales sing lower than fifty years ago",
            "Researchers reported on Monday that blue whales sing at a lower pitch than they did"
            " fifty years ago. In recordings from six oceans made between 1973 and 2023, the songs"
            " have dropped by a third, and nobody knows the reason. One idea is that the animals no"
            " longer need to be as loud because there are more of them; another is that the noise"
            " of ships has changed what carries.",
        ),
    ),
    "a city's notice, reworded": Pair(
        Telling(
            "南昌地铁1号线北延将于12月28日开通",
            "记者从南昌轨道交通集团获悉，地铁1号线北延线将于12月28日10时开通初期运营。北延线全长15.3公里，设站"
            "8座，起于双港站，止于昌北机场站，届时从八一广场到机场只需55分钟。开通当天，市民可凭有效证件免费乘坐。"
            "目前，各车站装修和设备调试已全部完成，正在开展空载试运行。",
        ),
        Telling(
            "南昌地铁1号线北延12月28日开通 直达昌北机场",
            "南昌地铁1号线北延线将于12月28日10时开通初期运营。据南昌轨道交通集团介绍，北延线全长15.3公里，设站8座，"
            "起于双港站，止于昌北机场站，从八一广场到机场只需55分钟。开通当天市民可凭有效证件免费乘坐。各车站装修和"
            "设备调试目前已全部完成，正开展空载试运行。",
        ),
    ),
    "a German report, by two papers": Pair(
        burglary("Lindenweg"),
        Telling(
            "Polizei sucht Zeugen nach Einbruch am Lindenweg",
            "<p>"
            + burglary("Lindenweg").text.replace("Unbekannte sind", "Einbrecher sind")
            + " (dpa)</p>",
        ),
    ),
    "a court's judgement": Pair(
        Telling(
            "Court orders retailer to pay 40 million over faulty heaters",
            "A court ordered the retailer on Friday to pay 40 million to families whose homes were"
            " damaged by electric heaters that caught fire. The judge said the company had known"
            " of the fault for two winters and kept selling them. Lawyers for 310 households had"
            " asked for twice as much. The retailer will appeal and says that the plugs came from"
            " a supplier which no longer exists.",
        ),
        Telling(
            "Retailer ordered to pay 40 million over faulty heaters",
            "A judge ordered the retailer to pay 40 million to families whose homes were damaged by"
            " electric heaters that caught fire. The company had known of the fault for two winters"
            " and kept selling them, the court found on Friday. Lawyers for 310 households had"
            " asked for twice as much. The retailer will appeal, saying that the plugs came from a"
            " supplier which no longer exists.",
        ),
    ),
}
