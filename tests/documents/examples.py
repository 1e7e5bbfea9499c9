"""One whole set of values for every paper; the people are made up."""

from __future__ import annotations

RARE = "𠮷㛃镕䶮"
_COMMON = {
    "number": "1502112611220001",
    "when": "2026-11-22T23:05:00+08:00",
    "terminal": "BT-KDL-01",
    "site": "包头市公安局昆都仑区分局24小时警局",
    "telephone": "0472-5100110",
}
_PERSON = {"name_masked": "王*芳", "id_masked": "150203********0017"}
_RECORD = {
    "plate": "蒙B·12345",
    "at": "2026-11-02T08:15:00+08:00",
    "place": "包头市昆都仑区钢铁大街与民族东路交叉口东向西",
    "behaviour": "机动车违反禁止标线指示",
    "code": "1117",
}
_URL = "https://127.0.0.1:8444/v/1502112611220001"

EXAMPLES: dict[str, dict[str, str]] = {
    "custody-slip": _COMMON | _PERSON | {"document": "id-card", "place": "1-7", "case_number": "1502112610010007"},
    "collection-slip": _COMMON
    | _PERSON
    | {"document": "id-card", "valid_to": "2046-11-01", "certainty": "sensed", "case_number": "1502112610010007"},
    "violation-slip": _COMMON
    | _PERSON
    | _RECORD
    | {"fine": "100", "points": "1", "pay_by": "2026-12-07", "verify_url": _URL},
    "objection-slip": _COMMON | _PERSON | _RECORD | {"answer_within": "5个工作日", "answer_due": "2026-11-27"},
    "payment-receipt": _COMMON
    | _PERSON
    | {
        "order": "ORD-0007",
        "subject": "bill-fine",
        "amount": "19.50",
        "paid_at": "2026-11-22T23:07:00+08:00",
        "case_number": "1502112611220001",
        "verify_url": _URL,
    },
    "payment-slip": _COMMON
    | _PERSON
    | {
        "order": "ORD-0007",
        "subject": "bill-fee",
        "amount": "20",
        "due": "2026-11-29",
        "case_number": "1502112611220001",
        "pay_url": _URL,
    },
    "unsettled-slip": _COMMON | _PERSON | {"subject": "bill-fee", "amount": "20", "case_number": "L-00017"},
    "application-receipt": _COMMON
    | _PERSON
    | {
        "ground": "renewal",
        "fee": "20",
        "payment": "paid",
        "ready_by": "2027-01-21",
        "collect_site": "包头市公安局昆都仑区分局24小时警局",
        "verify_url": _URL,
        "portrait_review": "yes",
    },
    "progress-slip": _COMMON
    | _PERSON
    | {
        "ground": "renewal",
        "stage": "production",
        "since": "2026-11-20",
        "ready_by": "2027-01-21",
        "collect_site": "包头市公安局昆都仑区分局24小时警局",
    },
    "report-receipt": _COMMON
    | _PERSON
    | {
        "reported_at": "2026-11-22T23:04:30+08:00",
        "loss_date": "2026-11-21",
        "loss_place": "loss-place-station",
        "loss_manner": "loss-manner-stolen",
        "verify_url": _URL,
    },
    "temporary-slip": _COMMON
    | _PERSON
    | {
        "case_number": "1502261108000197",
        "fee": "10",
        "payment": "paid",
        "ready_by": "2026-11-25",
        "place": "昆都仑区分局户籍大厅",
        "verify_url": _URL,
    },
    "record-receipt": _COMMON
    | _PERSON
    | {
        "record_purpose": "record-purpose-work",
        "due": "2026-11-25",
        "place": "昆都仑区分局户籍大厅",
        "verify_url": _URL,
    },
    "maintenance-slip": _COMMON
    | {"staff": "004170", "done": "凭条口：换纸，用完 → 整卷", "findings": "与总部的联系 正常\n凭条口 正常"},
    "unloading-list": _COMMON
    | {
        "loading_list": "L26112300000017",
        "expired": "1-7  card-0001\n1-9  card-0002",
        "recovered": "1-24  C26112300000017",
        "unread": "C26112300000017",
        "still_inside": "1-12  card-0005",
        "signature_first": "004172  ____________",
        "signature_second": "004173  ____________",
    },
    "pre-registration-slip": _COMMON | _PERSON | {"matter": "pre-HZ01"},
    "not-done-slip": _COMMON | _PERSON | {"service": "居住证签注", "desk_telephone": "0472-0000112"},
    "pending-slip": _COMMON | _PERSON | {"filing": "report-of-loss"},
    "residence-slip": _COMMON
    | _PERSON
    | {
        "residence_matter": "permit",
        "community": "阿尔丁大街街道示例第一社区",
        "ready_by": "2026-12-07",
        "collect_site": "昆都仑区分局户籍大厅",
        "verify_url": _URL,
    },
    "permit-slip": _COMMON
    | _PERSON
    | {
        "endorsement_time": "late",
        "full_year": "2026-10-13",
        "endorsed_until": "2027-11-22",
        "verify_url": _URL,
    },
    "review-slip": _COMMON
    | _PERSON
    | {
        "review": "medical-review",
        "cycle_ended": "2026-11-12",
        "report": "TJ1502202611120007",
        "verify_url": _URL,
    },
    "travel-receipt": _COMMON
    | _PERSON
    | {
        "document": "hk-macao-pass",
        "ground": "travel-renewal",
        "fee": "60",
        "payment": "paid",
        "ready_by": "2026-12-01",
        "collect_site": "昆都仑区24小时警局",
        "verify_url": _URL,
        "portrait_review": "yes",
    },
    "test-page": _COMMON,
    "exam-record": _COMMON
    | _PERSON
    | {
        "institution": "包头市昆都仑区健康体检中心",
        "answer_by": "2026-11-23T23:04:30+08:00",
        "height": "172.6",
        "vision_right": "5.0",
        "vision_left": "4.9",
        "corrected": "not-worn",
        "plates": "6/6",
        "hearing_right": "4/4",
        "hearing_left": "3/4",
        "noise": "38.5",
        "distance": "3300",
        "movements": "8",
        "conditions": "12",
        "calibration": "CAL-0042",
        "verify_url": _URL,
    },
    "plate-slip": _COMMON
    | _PERSON
    | {
        "plate": "蒙B60001临",
        "valid_to": "2026-12-21",
        "nth": "1",
        "fee": "5",
        "payment": "paid",
        "handed": "handed-out",
        "place": "包头市公安局交通管理支队车辆管理所窗口",
        "verify_url": _URL,
    },
    "inspection-mark": _COMMON
    | {
        "plate": "蒙B·12345",
        "plate_kind": "02",
        "vehicle": "示例牌SL7150",
        "valid_to": "2028-12-17",
        "authority": "内蒙古自治区包头市公安局交通管理支队",
        "issued_at": "2026-11-22T23:05:00+08:00",
        "seal": "SANDBOX 0123456789abcdef0123456789abcdef",
        "verify_url": _URL,
    },
    "traffic-receipt": _COMMON
    | _PERSON
    | {
        "matter": "vehicle-loss",
        "plate": "蒙B·12345",
        "fee": "10",
        "payment": "paid",
        "ready_by": "2026-11-23",
        "collect_site": "包头市公安局交通管理支队车辆管理所窗口",
        "verify_url": _URL,
    },
    "query-slip": _COMMON
    | _PERSON
    | {
        "licence_status": "normal",
        "licence_classes": "B2 D",
        "valid_to": "2030-05-02",
        "points_now": "3 / 12",
        "cycle_ends": "2027-03-01",
        "inspections": "蒙B·12345 2027-05-02\n蒙B·D12345 2028-01-10",
        "open_records": "2",
        "fines_due": "130",
    },
    "household-certificate": _COMMON
    | {
        "kind": "kinship",
        "name": RARE,
        "id_number": "150203199003070017",
        "purpose": "办理公证",
        "statement": f"{RARE}与李㛃为同一户口簿上登记的夫妻。\n以上内容与户口登记簿一致。",
        "authority": "包头市公安局昆都仑区分局",
        "issued_at": "2026-11-22T23:04:30+08:00",
        "seal": "SANDBOX 0011223344556677",
        "verify_url": _URL,
    },
    "endorsement-slip": _COMMON
    | _PERSON
    | {
        "document_number": "C*****101",
        "outcome": "endorse-written",
        "pass_place": "pass-given-back",
        "custody": "P-0A1B2C3D-1",
        "fee": "45",
        "due": "2026-12-12",
        "place": "包头市公安局出入境接待大厅",
        "verify_url": _URL,
    },
    "travel-slip": _COMMON
    | _PERSON
    | {
        "documents": "C*****101 2031-05-01\nE*****001 2033-01-01",
        "endorsements": "香港 L 1 2027-05-01\n澳门 L 0 2025-08-01",
        "stage": "production",
        "since": "2026-11-20",
        "ready_by": "2026-12-08",
        "collect_site": "昆都仑区24小时警局",
    },
    "crossing-record": _COMMON
    | {
        "name": f"王小{RARE[1]}",
        "id_number": "150203199001010017",
        "sex": "男",
        "birth": "1990-01-01",
        "first": "2016-11-22",
        "last": "2026-11-22",
        "purpose": "纳税、财务",
        "crossings": "2026-10-08|入境|首都机场|E70012301|普通护照\n2026-10-01|出境|首都机场|E70012301|普通护照",
        "authority": "国家移民管理局",
        "issued_at": "2026-11-22T23:05:00+08:00",
        "seal": "SANDBOX 0123456789abcdef",
        "verify_url": _URL,
    },
    "no-record-certificate": _COMMON
    | {
        "name": "王𠮷",
        "id_number": "150203199003070017",
        "purpose": "就业",
        "recipient": "用人单位",
        "statement": "经查询，截至2026年11月22日，未发现王𠮷有犯罪记录。",
        "authority": "包头市公安局昆都仑区分局",
        "issued_at": "2026-11-22T23:04:30+08:00",
        "valid_to": "2027-05-22",
        "seal": "SANDBOX 0011223344556677",
        "verify_url": _URL,
    },
    "penalty-decision": _COMMON
    | _RECORD
    | {
        "name": RARE,
        "id_masked": "150203********0017",
        "licence_file": "150200123456",
        "licence_classes": "C1E",
        "licence_office": "包头市公安局交通管理支队",
        "plate_kind": "02",
        "vehicle": "小型轿车",
        "articles_broken": "《中华人民共和国道路交通安全法》第三十八条",
        "articles_basis": "《中华人民共和国道路交通安全法》第九十条",
        "fine": "100",
        "points": "1",
        "authority": "包头市公安局交通管理支队昆都仑区大队",
        "decided_at": "2026-11-22T23:04:30+08:00",
        "rights_text": "您有权进行陈述和申辩；不服的，可以依法申请行政复议或者提起行政诉讼。",
        "payment_text": "自收到本决定书之日起15日内缴纳罚款；逾期每日按罚款数额的3%加处罚款。",
        "declaration_text": "本人系实际驾驶人，对上述违法事实无异议。",
        "verify_url": _URL,
        "signed": "yes",
    },
}
