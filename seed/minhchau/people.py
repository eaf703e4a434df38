"""Officials of the fictional province, by function only, and the accounts to look around with."""

from datetime import date
from typing import Any, NamedTuple

from models.enums import Role, Secrecy

Row = dict[str, Any]
DOMAIN = "minhchau.example"  # .example never leaves the house


class Login(NamedTuple):
    """A demo account; its password is printed, so it protects nothing but demo data."""

    login: str
    password: str
    role: Role
    display: str
    clearance: Secrecy = Secrecy.NONE


ACCOUNTS = (
    Login("uyvien", "UyVien-MinhChau-2026", Role.MEMBER, "Ủy viên Ban Chỉ đạo"),
    Login("truongban", "TruongBan-MinhChau-2026", Role.LEAD, "Trưởng Ban Nội chính Tỉnh ủy", Secrecy.TOP_SECRET),
    Login("thuky", "ThuKy-MinhChau-2026", Role.SECRETARIAT, "Chánh Văn phòng Ban Nội chính", Secrecy.SECRET),
    Login("daumoi.csdt", "DauMoi-MinhChau-2026", Role.AGENCY, "Đầu mối Cơ quan CSĐT"),
    Login("kiemtra", "KiemTra-MinhChau-2026", Role.AUDITOR, "Kiểm tra nội bộ Tỉnh ủy"),
    Login("quantri", "QuanTri-MinhChau-2026", Role.ADMINISTRATOR, "Quản trị hệ thống"),
)

# function, agency, mailbox
OFFICIALS = (
    ("Ủy viên Ban Chỉ đạo", "BCD", "uyvien"),
    ("Trưởng Ban Nội chính Tỉnh ủy", "BNC", "truongban"),
    ("Chánh Văn phòng Ban Nội chính", "BNC", "thuky"),
    ("Kiểm tra nội bộ Tỉnh ủy", "BNC", "kiemtra"),
    ("Quản trị hệ thống", "BNC", "quantri"),
    ("Cán bộ theo dõi 01", "BNC", "theodoi01"),
    ("Cán bộ theo dõi 02", "BNC", "theodoi02"),
    ("Cán bộ theo dõi 03", "BNC", "theodoi03"),
    ("Cán bộ theo dõi 04", "BNC", "theodoi04"),
    ("Đầu mối Cơ quan CSĐT", "CQDT", "daumoi.csdt"),
    ("Đầu mối Viện kiểm sát", "VKS", "daumoi.vks"),
    ("Đầu mối Tòa án", "TAND", "daumoi.toaan"),
    ("Đầu mối Thi hành án dân sự", "THADS", "daumoi.thads"),
    ("Đầu mối Thanh tra tỉnh", "TTT", "daumoi.thanhtra"),
    ("Đầu mối Sở Tài chính", "STC", "daumoi.taichinh"),
    ("Đầu mối Ủy ban nhân dân tỉnh", "UBND", "daumoi.ubnd"),
    ("Đầu mối Ủy ban Kiểm tra", "UBKT", "daumoi.ubkt"),
)
FOCAL = {agency: function for function, agency, _ in OFFICIALS if function.startswith("Đầu mối")}


def person_rows(since: date) -> list[Row]:
    """Rows of person, in office since that day."""
    return [
        {
            "display_name": function,
            "function": function,
            "agency": agency,
            "email": f"{mailbox}@{DOMAIN}",
            "valid_from": since,
        }
        for function, agency, mailbox in OFFICIALS
    ]
