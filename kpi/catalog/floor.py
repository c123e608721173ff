"""The shop floor in depth: waiting as distributions, where bay time is lost, bookings against capacity. (domain.md 2.2 C)"""

from __future__ import annotations

from kpi.catalog.health import VEHICLES
from kpi.histogram import CYCLE, WAIT
from kpi.metric import Direction, Limits, Metric, Proportion, Ratio, Spread, SpreadGap, Tier, Total, Unit
from kpi.text import Text

BOOKINGS = Text("bookings", "个预约")
BAY_MINUTES = Text("bay minutes", "工位分钟")
_READ_OFF = Text(
    " Read from a histogram, so exact to within its bin: 4 min about 20, 6 min about 33, 15 min about 80.",
    "由直方图读取，误差不超过所在区间宽度（20分钟附近4分钟，33分钟附近6分钟，80分钟附近15分钟）。",
)
_READ_OFF_HOURS = Text(
    " Read from a histogram, so exact to within its bin: 0.1 h about 1, 0.25 h about 2.3, 0.5 h above 2.5.",
    "由直方图读取，误差不超过所在区间宽度（1小时附近0.1，2.3小时附近0.25，2.5小时以上0.5）。",
)
_WHAT_WAITS = Text(
    "From arrival (or slot, if later) to start of work.", "从进厂（或预约时段，取较晚者）到开工。"
)
_WHAT_STAYS = Text(
    "From arrival to handover of same-day orders, drop-offs and body work left out.",
    "当日单从进厂到交车，不含留车单与钣喷。",
)
_UNHEARD = Text("Leaving out those who still wait.", "漏计仍在等待的客户。")
_DRAGGED = Text("Reading a mean alone: a few long stays hide behind it.", "只看均值会掩盖少数久等。")


def _and(first: Text, second: Text) -> Text:
    return Text(first.en + second.en, first.zh_cn + second.zh_cn)


def _loss(key: str, name: Text, description: Text, mistake: Text, column: str, owner: str) -> Metric:
    """A share of the available bay minutes."""
    return Metric(
        key=key, name=name, description=description, mistake=mistake, unit=Unit.SHARE, direction=Direction.LOWER,
        source="bay_loss", formula=Ratio(column, "available"), counted=BAY_MINUTES, rolling_days=7, owner=owner,
    )  # fmt: skip


_WAITING = (
    Metric(
        key="wait_median",
        name=Text("Wait before work, median", "排队等待中位数"),
        description=_and(_and(_WHAT_WAITS, Text(" Half wait longer.", "一半客户等得更久。")), _READ_OFF),
        mistake=_UNHEARD,
        unit=Unit.MINUTES,
        direction=Direction.LOWER,
        source="store_time",
        formula=Spread(WAIT, 0.5),
        counted=VEHICLES,
        limits=(Limits(good=15, critical=30),),
        n_min=30,
        rolling_days=7,
        owner="regional manager",
    ),
    Metric(
        key="wait_p90",
        name=Text("Wait before work, P90", "排队等待 P90"),
        description=_and(
            _and(_WHAT_WAITS, Text(" One in ten waits longer.", "十分之一的客户等得更久。")), _READ_OFF
        ),
        mistake=_UNHEARD,
        unit=Unit.MINUTES,
        direction=Direction.LOWER,
        source="store_time",
        formula=Spread(WAIT, 0.9),
        counted=VEHICLES,
        n_min=30,
        rolling_days=7,
        owner="regional manager",
    ),
    Metric(
        key="cycle_median",
        name=Text("Time in the shop, median", "在店时长中位数"),
        description=_and(_and(_WHAT_STAYS, Text(" Half stay longer.", "一半客户更久。")), _READ_OFF_HOURS),
        mistake=_DRAGGED,
        unit=Unit.HOURS,
        direction=Direction.LOWER,
        source="store_time",
        formula=Spread(CYCLE, 0.5),
        limits=(Limits(good=1.1, critical=1.8),),
        n_min=30,
        rolling_days=7,
        owner="regional manager",
    ),
    Metric(
        key="cycle_p90",
        name=Text("Time in the shop, P90", "在店时长 P90"),
        description=_and(
            _and(_WHAT_STAYS, Text(" One in ten stays longer.", "十分之一的客户更久。")), _READ_OFF_HOURS
        ),
        mistake=_DRAGGED,
        unit=Unit.HOURS,
        direction=Direction.LOWER,
        source="store_time",
        formula=Spread(CYCLE, 0.9),
        n_min=30,
        rolling_days=7,
        owner="regional manager",
    ),
    Metric(
        key="appointment_effect",
        name=Text("What an appointment saves", "预约节省的等待"),
        description=_and(
            Text(
                "Median wait without an appointment less the median wait with one: does booking work?",
                "无预约等待中位数−有预约等待中位数：预约制度是否有效。",
            ),
            _READ_OFF,
        ),
        mistake=Text("Counting early arrivals' own time as waiting.", "把客户提前到店的时间算作等待。"),
        unit=Unit.MINUTES,
        direction=Direction.HIGHER,
        source="store_time",
        formula=SpreadGap(WAIT, 0.5, "arrival = 'walk_in'", "arrival = 'appointment'"),
        counted=VEHICLES,
        n_min=30,
        rolling_days=7,
        owner="regional manager",
    ),
)

_LOSSES = (
    _loss(
        "bay_loss_parts",
        Text("Bays blocked by parts", "等配件占用"),
        Text(
            "Bay minutes held by cars that wait for parts, over available minutes.",
            "等配件的车占用的工位分钟÷可用分钟。",
        ),
        Text("Counting it as utilisation.", "计入利用率。"),
        "parts",
        "supply chain",
    ),
    _loss(
        "bay_loss_approval",
        Text("Bays blocked by approval", "等确认占用"),
        Text(
            "Bay minutes held by cars whose owner has not agreed yet, over available minutes.",
            "等客户确认的车占用的工位分钟÷可用分钟。",
        ),
        Text("Counting it as utilisation.", "计入利用率。"),
        "approval",
        "store manager",
    ),
    _loss(
        "bay_loss_no_show",
        Text("Lost to no-shows", "爽约损失"),
        Text(
            "Idle bay minutes that customers had booked and did not come for, over available minutes.",
            "客户预约却未到店、因而空置的工位分钟÷可用分钟。",
        ),
        Text("Counting bays that were filled by somebody else.", "把已被他人补位的工位也算进去。"),
        "no_show",
        "store manager",
    ),
    _loss(
        "bay_loss_technician",
        Text("No technician free", "无空闲技师"),
        Text(
            "Idle bay minutes for which no technician was free: idle beyond the attended hours that were not clocked on "
            "jobs. Over available minutes.",
            "工位空置且没有空闲技师的分钟（超出技师出勤未打卡工时的空置部分）÷可用分钟。",
        ),
        Text(
            "Reading it as laziness: it is the roster, or bays that nobody needs.",
            "误读为懒散：应看排班，或工位本就过多。",
        ),
        "no_technician",
        "service manager",
    ),
    _loss(
        "bay_loss_no_work",
        Text("No work", "无业务"),
        Text(
            "Idle bay minutes in which a technician was free as well: neither booking nor walk-in. Over available minutes.",
            "工位与技师同时空闲（无预约也无散客）的分钟÷可用分钟。",
        ),
        Text("Cutting staff where a booking campaign would fill the bays.", "本可用预约活动填满，却去裁员。"),
        "no_work",
        "regional manager",
    ),
    _loss(
        "bay_overtime",
        Text("Held beyond opening hours", "超时占用"),
        Text(
            "Bay minutes worked or blocked beyond what the day had, over available minutes.",
            "超出当日可用时间的施工或停滞分钟÷可用分钟。",
        ),
        Text("Reading it as spare capacity.", "误读为富余产能。"),
        "overtime",
        "store manager",
    ),
)

_BOOKINGS = (
    Metric(
        key="no_show_rate",
        name=Text("No-shows", "爽约率"),
        description=Text(
            "Bookings whose customer did not come, over bookings not cancelled a day ahead.",
            "未到店预约÷未提前一天取消的预约。",
        ),
        mistake=Text("Counting the reschedules as no-shows.", "把改期算作爽约。"),
        unit=Unit.SHARE,
        direction=Direction.LOWER,
        source="store_day",
        formula=Proportion("bookings_no_show", "bookings"),
        counted=BOOKINGS,
        limits=(Limits(good=0.10, critical=0.20),),
        n_min=30,
        rolling_days=28,
        owner="store manager",
    ),
    Metric(
        key="channel_no_show",
        name=Text("No-shows by channel", "分渠道爽约率"),
        description=Text(
            "As no-shows, over single bookings, so that channels can be told apart.",
            "同爽约率，按预约单计算，可分渠道。",
        ),
        mistake=Text("Closing a channel for its few bookings.", "样本很少就关停渠道。"),
        unit=Unit.SHARE,
        direction=Direction.LOWER,
        source="booking",
        formula=Proportion("missed", "due"),
        counted=BOOKINGS,
        limits=(Limits(good=0.10, critical=0.20),),
        n_min=30,
        rolling_days=28,
        owner="store manager",
    ),
    Metric(
        key="bookings_standing",
        name=Text("Bookings", "预约数"),
        description=Text("Bookings that stand: to come or arrived.", "有效预约数（待到店或已到店）。"),
        mistake=Text("Counting the cancelled ones.", "把已取消的也算进去。"),
        unit=Unit.COUNT,
        direction=Direction.NEUTRAL,
        source="booking",
        formula=Total("stands", "1"),
        counted=BOOKINGS,
        owner="store manager",
    ),
    Metric(
        key="booked_share",
        name=Text("Bay time booked", "工位预约占比"),
        description=Text(
            "Bay time that standing bookings need, over available bay time. Walk-ins come on top.",
            "有效预约所需工位时间÷可用工位时间；散客另计。",
        ),
        mistake=Text("Booking to 100 % and leaving no room for walk-ins.", "约满100 %而不给散客留余地。"),
        unit=Unit.SHARE,
        direction=Direction.NEUTRAL,
        source="booked_day",
        formula=Ratio("booked", "available"),
        n="bookings",
        counted=BOOKINGS,
        owner="store manager",
    ),
    Metric(
        key="booked_to_come",
        name=Text("Booked and still to come", "待到店预约用量"),
        description=Text(
            "Bay minutes that bookings not yet arrived will need, by clock hour.",
            "未到店预约所需的工位分钟，按小时。",
        ),
        mistake=Text("Counting those who have arrived twice.", "把已到店的重复计入。"),
        unit=Unit.MINUTES,
        direction=Direction.NEUTRAL,
        source="booked_hour",
        formula=Total("to_come", "1"),
        counted=BOOKINGS,
        tier=Tier.LIVE,
        owner="store manager",
    ),
    Metric(
        key="walk_in_load",
        name=Text("Bay time of walk-ins", "散客工位占比"),
        description=Text(
            "Bay minutes of work on cars without an appointment, over available minutes.",
            "无预约车辆施工分钟÷可用工位分钟。",
        ),
        mistake=Text("Planning as if nobody walked in.", "排产时忽略散客。"),
        unit=Unit.SHARE,
        direction=Direction.NEUTRAL,
        source="store_hour",
        formula=Ratio("bay_minutes_walk_in", "bay_minutes_available"),
        counted=BAY_MINUTES,
        tier=Tier.LIVE,
        owner="store manager",
    ),
    Metric(
        key="referred_out_share",
        name=Text("Sent to other stores", "转介他店占比"),
        description=Text(
            "Visits that this unit's stores sent elsewhere, over those and their own visits.",
            "本单位门店转介至他店的台次÷（转出台次+本店接车台次）。",
        ),
        mistake=Text("Praising referrals that own shortage caused.", "表扬因自身产能不足造成的转介。"),
        unit=Unit.SHARE,
        direction=Direction.NEUTRAL,
        source="store_day",
        formula=Ratio("vehicles_sent", "vehicles_sent + vehicles", known="vehicles_sent + open_days"),
        counted=VEHICLES,
        rolling_days=28,
        owner="regional manager",
    ),
)

METRICS = (*_WAITING, *_LOSSES, *_BOOKINGS)
