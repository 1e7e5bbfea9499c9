"""What browsers and the sandbox's operator ask: health, the payer's page, verification, faults on command."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs

from pydantic import Field
from sqlalchemy import func, select

from central.agencies.contract import Agency, AgencyFailed, Fault, PaymentState
from central.agencies.sandbox_model import SandboxFault, SandboxNotice, SandboxPayment, SandboxPerson, SandboxRefund
from central.console import pages
from central.console.exit_entry import exit_entry_facts
from central.console.household import household_facts
from central.console.traffic import exam_facts, mark_facts, plate_facts
from central.database import at_head
from central.desks.desk import BEIJING, Desk
from central.desks.fines import standing, surely_paid
from central.desks.inspections import MATTER as INSPECTION_MARK
from central.desks.loading import to_depot
from central.desks.orders import due_text, find_by_token, fine_of, pay_slip, settled
from central.fleet.enrolling import enrol, renew, suspect
from central.model import CardCase, Decision, PaymentOrder
from central.model_traffic import TrafficCase, TrafficState
from central.problems import Declined, unknown
from central.routes import Answer, Office, route_table
from kiosk.people.bills import bill_topic
from kiosk.people.money import Money
from kiosk.protocol.enrolment import ENROLMENT_PATH, RENEWAL_PATH, EnrolmentRequest, RenewalRequest
from kiosk.protocol.messages import Message, OrderState

HTML = "text/html; charset=utf-8"
OPEN_ORDERS = 20


class BankMoney(Message):
    """Somebody pays a fine at a bank; everything that is due unless `fen` says less."""

    fen: int | None = Field(default=None, gt=0)


class Health(Message):
    """The server answers and its database does."""

    status: str
    sandbox: bool


class FaultOrder(Message):
    """Let an agency fail for so many seconds; fault "none" ends it at once.

    `seconds` is how long the fault lasts; for "slow" also how long the agency takes, unless `delay` says otherwise.
    """

    agency: Agency
    fault: Fault | None = None
    seconds: float = Field(default=60.0, gt=0, le=86_400)
    delay: float | None = Field(default=None, ge=0, le=86_400)


class OpenOrder(Message):
    """A code that can be paid now: what its QR code leads to."""

    number: str
    fen: int
    url: str


class SandboxState(Message):
    """What the sandbox holds and which faults are in force. `open_orders` has the youngest code first."""

    people: int
    payments: int
    refunds: int
    notices: int
    faults: dict[str, str]
    open_orders: tuple[OpenOrder, ...] = ()


def _health(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    del parts, body
    with office.desk() as desk:
        _ = desk.db.scalar(select(func.count()).select_from(SandboxPerson))
    return Answer.json(200, Health(status="ok", sandbox=True))


def _ready(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    """Whether a balancer may send anybody here: not to a server whose schema is older or newer than itself."""
    del parts, body
    with office.desk() as desk:
        if not at_head(desk.db.connection()):
            raise Declined(503, "migrations", "the schema is not this server's")
    return Answer.json(200, Health(status="ready", sandbox=True))


def _payer(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    answer = parse_qs(body.decode("ascii", "replace")).get("answer", [""])[0]
    try:
        with office.desk() as desk:
            row = find_by_token(desk, parts["token"])
            declined = False
            if row.state is OrderState.OPEN:
                if answer == "confirm":
                    _ = desk.agencies.payment.confirm(row.number)
                elif answer == "decline":
                    declined = desk.agencies.payment.decline(row.number) is PaymentState.DECLINED
            return _payer_page(desk, settled(desk, row), declined)
    except Declined as problem:
        if problem.status != 404:
            raise
        return Answer(404, pages.told("自助终端缴费", "没有这个订单。"), HTML)
    except AgencyFailed:
        return Answer(503, pages.told("自助终端缴费", "支付服务暂时不可用，请稍后再试。未扣款。"), HTML)


def _payer_page(desk: Desk, row: PaymentOrder, declined: bool) -> Answer:
    if row.state is not OrderState.OPEN:
        return Answer(200, pages.finished_order(row.number, row.bill, row.fen, row.state), HTML)
    if desk.agencies.payment.state(row.number) is PaymentState.PAYING:
        return Answer(200, pages.waiting_order(row.number, row.bill, row.fen), HTML)
    notice = "您已选择暂不支付。需要时仍可在此支付。" if declined else ""
    return Answer(200, pages.open_order(row.number, row.bill, row.fen, due_text(row), notice), HTML)


def _verify(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    del body
    number = parts["number"]
    with office.desk() as desk:
        decision = desk.db.get(Decision, number)
        if decision is not None:
            facts = (
                ("文书", "公安交通管理简易程序处罚决定书"),
                ("决定日期", f"{decision.decided_at.astimezone(BEIJING):%Y-%m-%d}"),
                ("罚款", f"{Money(decision.fine_fen).yuan}元"),
                ("记分", f"{decision.points}分"),
                ("缴款期限", decision.pay_by.isoformat()),
                ("缴款", "已缴" if decision.paid_by_order or surely_paid(desk, number) else "未缴"),
                ("机关", desk.tables.authority["traffic"]),
            )
            return Answer(200, pages.verified(number, facts), HTML)
        case = desk.db.get(CardCase, number)
        if case is not None:
            facts = (
                ("文书", "居民身份证领取凭证"),
                ("受理日期", f"{case.applied_at.astimezone(BEIJING):%Y-%m-%d}"),
                ("领取地点", desk.tables.sites[case.site].name),
            )
            return Answer(200, pages.verified(number, facts), HTML)
        application = desk.db.get(TrafficCase, number)
        if application is not None and application.state is not TrafficState.VOID:
            if application.matter == INSPECTION_MARK:
                return Answer(200, pages.verified(number, mark_facts(desk, application)), HTML)
            facts = (
                ("文书", "交通管理业务受理凭证"),
                ("受理日期", f"{application.applied_at.astimezone(BEIJING):%Y-%m-%d}"),
                ("缴费", "未缴" if application.state is TrafficState.AWAITING_PAYMENT else "已缴或不收费"),
                ("机关", desk.tables.authority["traffic"]),
            )
            return Answer(200, pages.verified(number, facts), HTML)
        order = desk.db.scalars(select(PaymentOrder).where(PaymentOrder.receipt == number)).first()
        if order is not None and order.state is OrderState.CAPTURED:
            paid_at = (order.captured_at or order.created_at).astimezone(BEIJING)
            facts = (
                ("文书", "缴费凭条"),
                ("缴费时间", f"{paid_at:%Y-%m-%d %H:%M:%S}"),
                ("金额", f"{Money(order.fen).yuan}元"),
                ("项目", pages.BILL_WORDS[bill_topic(order.bill)]),
                *((("决定书编号", fine_of(order.bill)),) if fine_of(order.bill) else ()),
            )
            return Answer(200, pages.verified(number, facts), HTML)
        facts = household_facts(desk, number) or exit_entry_facts(desk, number) or exam_facts(desk, number)
        facts = facts or plate_facts(desk, number)
        if facts:
            return Answer(200, pages.verified(number, facts), HTML)
    return Answer(404, pages.told("文书核验", "没有这个编号。请核对，或咨询办事窗口。"), HTML)


def _fault(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    del parts
    order = FaultOrder.model_validate_json(body)
    with office.desk() as desk:
        row = desk.db.get(SandboxFault, order.agency.value)
        if order.fault is None:
            if row is not None:
                desk.db.delete(row)
        else:
            if row is None:
                row = SandboxFault(agency=order.agency.value)
                desk.db.add(row)
            row.fault = order.fault.value
            row.seconds = order.delay if order.delay is not None else order.seconds
            row.until = desk.now + timedelta(seconds=order.seconds)
        desk.db.flush()
        return Answer.json(200, _sandbox_state(desk))


def _state(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    del parts, body
    with office.desk() as desk:
        return Answer.json(200, _sandbox_state(desk))


def _sandbox_state(desk: Desk) -> SandboxState:
    def count(table: type[SandboxPerson | SandboxPayment | SandboxRefund | SandboxNotice]) -> int:
        return desk.db.scalar(select(func.count()).select_from(table)) or 0

    youngest_first = (PaymentOrder.created_at.desc(), PaymentOrder.number.desc())
    still_open = (PaymentOrder.state == OrderState.OPEN, PaymentOrder.expires > desk.now)
    orders = desk.db.scalars(select(PaymentOrder).where(*still_open).order_by(*youngest_first).limit(OPEN_ORDERS))
    faults = desk.db.scalars(select(SandboxFault).where(SandboxFault.until > desk.now).order_by(SandboxFault.agency))
    return SandboxState(
        people=count(SandboxPerson),
        payments=count(SandboxPayment),
        refunds=count(SandboxRefund),
        notices=count(SandboxNotice),
        faults={row.agency: row.fault for row in faults},
        open_orders=tuple(
            OpenOrder(number=row.number, fen=row.fen, url=f"{desk.people_url}/pay/{row.token}") for row in orders
        ),
    )


def _fine_paid_at_a_bank(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    money = BankMoney.model_validate_json(body or b"{}")
    with office.desk() as desk:
        fine = desk.agencies.traffic.fine(parts["decision"])
        if fine is None:
            raise unknown("decision")
        fen = money.fen or standing(desk, fine).due
        reference = f"bank-{fine.decision}-{len(fine.payments) + 1}"
        _ = desk.agencies.traffic.fine_paid(fine.decision, reference, fen, desk.now)
        return Answer.json(200, _sandbox_state(desk))


def _pay_slip(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    del body
    with office.desk() as desk:
        return Answer.json(200, pay_slip(desk, parts["slip"]))


def _enrol(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    del parts
    asked = EnrolmentRequest.model_validate_json(body)
    with office.desk() as desk:
        return Answer.json(200, enrol(asked, desk))


def _renew(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    del parts
    asked = RenewalRequest.model_validate_json(body)
    try:
        with office.desk() as desk:
            return Answer.json(200, renew(asked, desk))
    except Declined as no:
        if no.status == 403:
            with office.desk() as desk:
                suspect(desk, asked.certificate)
        raise


def _to_depot(office: Office, parts: dict[str, str], body: bytes) -> Answer:
    """As if it came from the works just now, in the box that loaders bring."""
    del body
    with office.desk() as desk:
        to_depot(desk, parts["item"])
        return Answer.json(200, _sandbox_state(desk))


PEOPLE = route_table(
    ("POST", ENROLMENT_PATH, _enrol),
    ("POST", RENEWAL_PATH, _renew),
    ("GET", "/healthz", _health),
    ("GET", "/readyz", _ready),
    ("GET", "/pay/{token}", _payer),
    ("POST", "/pay/{token}", _payer),
    ("GET", "/v/{number}", _verify),
    ("POST", "/sandbox/faults", _fault),
    ("GET", "/sandbox/state", _state),
    ("POST", "/sandbox/fines/{decision}/paid", _fine_paid_at_a_bank),
    ("POST", "/sandbox/slips/{slip}/paid", _pay_slip),
    ("POST", "/sandbox/depot/{item}", _to_depot),
)
