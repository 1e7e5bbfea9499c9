"""How the dock calls things, in Chinese: for whoever tries the terminal, never for citizens."""

from __future__ import annotations

from kiosk.people.synthetic import Situation
from kiosk.simulation.state import Device, FaultKind, Network

GROUPS: tuple[tuple[str, tuple[Situation, ...]], ...] = (
    (
        "身份证取证",
        (
            Situation.CARD_FINISHED_RENEWAL,
            Situation.CARD_FINISHED_LOSS,
            Situation.CARD_FINISHED_DAMAGE,
            Situation.CARD_BEING_MADE,
            Situation.CARD_AT_ANOTHER_SITE,
            Situation.CARD_BLOCKED,
        ),
    ),
    (
        "身份证补换领",
        (
            Situation.RENEWAL_DUE,
            Situation.RENEWAL_EXPIRED,
            Situation.RENEWAL_TOO_EARLY,
            Situation.RENEWAL_CASE_OPEN,
            Situation.CARD_LOST,
            Situation.CARD_LOST_NO_FINGERS,
            Situation.CARD_REPORTED_LOST,
            Situation.UNDER_16,
            Situation.OTHER_PROVINCE,
            Situation.LONG_TERM,
        ),
    ),
    (
        "交通违法处理",
        (
            Situation.VIOLATION_SIMPLE,
            Situation.VIOLATION_NEW_ENERGY,
            Situation.VIOLATION_SEVERAL_VEHICLES,
            Situation.VIOLATION_GENERAL_PROCEDURE,
            Situation.VIOLATION_TWELVE_POINTS,
            Situation.NO_VIOLATIONS,
            Situation.NO_LICENCE,
            Situation.LICENCE_WITHHELD,
            Situation.LICENCE_SUSPENDED,
            Situation.LICENCE_EXPIRED,
            Situation.LICENCE_CANCELLED,
        ),
    ),
    (
        "其他情形",
        (
            Situation.ORDINARY,
            Situation.RARE_NAME,
            Situation.FACE_ONLY,
            Situation.HONG_KONG_MACAO_TAIWAN,
            Situation.FOREIGNER_2017,
            Situation.FOREIGNER_2023,
        ),
    ),
)

SITUATIONS: dict[Situation, str] = {
    Situation.CARD_FINISHED_RENEWAL: "换领，新证已到，旧证在手",
    Situation.CARD_FINISHED_LOSS: "补领，新证已到，手中无证",
    Situation.CARD_FINISHED_DAMAGE: "换领，新证已到，旧证读不出",
    Situation.CARD_BEING_MADE: "新证还在制作",
    Situation.CARD_AT_ANOTHER_SITE: "新证在别的网点",
    Situation.CARD_BLOCKED: "新证已挂失或冻结",
    Situation.CARD_REPORTED_LOST: "手中的证已挂失",
    Situation.RENEWAL_DUE: "三个月内到期",
    Situation.RENEWAL_EXPIRED: "已经过期",
    Situation.RENEWAL_TOO_EARLY: "离到期还早",
    Situation.RENEWAL_CASE_OPEN: "已经申请，正在办理",
    Situation.CARD_LOST: "证件丢失，可凭号码补领",
    Situation.CARD_LOST_NO_FINGERS: "证件丢失，库中无指纹",
    Situation.UNDER_16: "未满十六周岁",
    Situation.OTHER_PROVINCE: "外省户籍",
    Situation.VIOLATION_SIMPLE: "一辆车，二百元以下",
    Situation.VIOLATION_NEW_ENERGY: "新能源车",
    Situation.VIOLATION_SEVERAL_VEHICLES: "两辆车都有记录",
    Situation.VIOLATION_GENERAL_PROCEDURE: "须按一般程序处理",
    Situation.VIOLATION_TWELVE_POINTS: "再处理就满十二分",
    Situation.LICENCE_WITHHELD: "驾驶证被扣留",
    Situation.LICENCE_SUSPENDED: "驾驶证被暂扣",
    Situation.LICENCE_EXPIRED: "驾驶证过期",
    Situation.LICENCE_CANCELLED: "驾驶证已注销",
    Situation.NO_LICENCE: "没有驾驶证",
    Situation.NO_VIOLATIONS: "没有违法记录",
    Situation.RARE_NAME: "姓名有生僻字",
    Situation.FACE_ONLY: "芯片里没有指纹",
    Situation.LONG_TERM: "长期有效",
    Situation.HONG_KONG_MACAO_TAIWAN: "港澳台居民居住证",
    Situation.FOREIGNER_2017: "外国人永居证（2017 版）",
    Situation.FOREIGNER_2023: "外国人永居证（2023 版）",
    Situation.ORDINARY: "没有什么特别",
}

DEVICES: dict[Device, str] = {
    Device.ID_READER: "身份证阅读器",
    Device.CAMERA: "摄像头",
    Device.FINGERPRINT: "指纹仪",
    Device.LOCKER: "取证柜",
    Device.RECEIPT_PRINTER: "凭条打印机",
    Device.PAGE_PRINTER: "A4 打印机",
    Device.UPS: "不间断电源",
    Device.HEADQUARTERS: "总部线路",
}

FAULTS: dict[FaultKind, str] = {
    FaultKind.SILENT: "没有反应",
    FaultKind.ON_BATTERY: "停电用电池",
    FaultKind.BATTERY_LOW: "电池将尽",
    FaultKind.MUTE: "只做不答",
    FaultKind.UNPLUG: "应答中掉线",
    FaultKind.TORN: "应答残缺",
    FaultKind.CORRUPT: "应答错字节",
    FaultKind.NOISE: "应答前杂音",
    FaultKind.FRAGMENTED: "逐字节应答",
    FaultKind.LATE: "应答迟到",
    FaultKind.DOUBLED: "应答两次",
    FaultKind.CARD_PULLED: "读到一半拿走",
    FaultKind.CARD_PULLED_SILENT: "拿走且不报",
    FaultKind.SELF_TEST: "自检失败",
    FaultKind.UNAUTHENTIC: "不认任何卡",
    FaultKind.MODULE_TIMEOUT: "残缺超时帧",
    FaultKind.STUCK: "锁打不开",
    FaultKind.CONTACT_BROKEN: "触点总报关",
    FaultKind.PAPER_OUT: "缺纸",
    FaultKind.PAPER_LOW: "纸将尽",
    FaultKind.COVER_OPEN: "盖子开着",
    FaultKind.CUTTER: "切刀卡住",
    FaultKind.OVERHEAT: "打印头过热",
    FaultKind.OFFLINE: "脱机",
    FaultKind.MEDIA_EMPTY: "缺纸",
    FaultKind.MEDIA_JAM: "卡纸",
    FaultKind.TONER_LOW: "墨粉将尽",
    FaultKind.ABORTS: "作业中止",
    FaultKind.DROP_ANSWER: "收件后断线",
    FaultKind.DIRTY: "表面脏",
    FaultKind.READ_FAILED: "采集失败",
    FaultKind.BUSY: "忙",
    FaultKind.BROKEN: "坏了",
    FaultKind.FROZEN: "画面冻结",
    FaultKind.BLACK: "全黑",
    FaultKind.DARK: "太暗",
    FaultKind.FAR: "离得太远",
    FaultKind.TWO_PEOPLE: "两个人",
    FaultKind.TURNED: "侧着脸",
}

NETWORKS: dict[Network, str] = {
    Network.UP: "正常",
    Network.SLOW: "很慢",
    Network.DOWN: "断开",
    Network.GARBAGE: "乱码",
    Network.DROP_AFTER_REQUEST: "收后断",
    Network.WRONG_CERTIFICATE: "假证书",
}

CARDS: dict[str, str] = {
    "own": "本人旧证",
    "new": "本人新证",
    "foreign": "非身份证",
    "damaged": "读不出的证",
    "counterfeit": "假证",
}

FINGERS: dict[str, str] = {
    "right-thumb": "右拇指",
    "left-thumb": "左拇指",
    "right-index": "右食指",
    "left-index": "左食指",
}

REFUSALS: dict[str, str] = {
    "nobody stands there": "机前没有人：先在左边选一个人",
    "there are not that many people in this situation": "这种情形没有那么多人",
    "there is no such card": "没有这张卡",
    "no new card was made for this person": "此人没有新证",
    "a card lies on the reader already": "感应区上已有一张卡：先取走",
    "that card is in nobody's hand": "这张卡不在手里",
    "no card lies on the reader": "感应区上没有卡",
    "that door is shut already": "柜门本来就关着",
    "that door is shut": "柜门关着：只有终端能打开",
    "that compartment is empty": "格口是空的",
    "no such paper lies there": "没有这张纸",
    "no terminal is running": "终端没有在运行",
}
"""The world's sentences, as far as the window can cause them."""
