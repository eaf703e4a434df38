"""What the fictional files are called. Bodies and communes are of no real place; nobody is named."""

from typing import NamedTuple

from models.enums import Category

C, W, N = Category.CORRUPTION, Category.WASTE, Category.NEGATIVITY


class Subject(NamedTuple):
    """A subject of proceedings: titles with a gap for the place, article of the Penal Code, what it is about."""

    vi: str
    en: str
    article: str
    categories: tuple[Category, ...]
    sector: str


CASES = (
    Subject("Vụ án vi phạm quy định về đấu thầu tại Sở Y tế", "Bidding violations at the Department of Health",
            "222", (C,), "Y tế"),
    Subject("Vụ án tham ô tài sản tại {place}", "Embezzlement in {place}", "353", (C,), "Ngân sách xã"),
    Subject("Vụ án nhận hối lộ trong cấp giấy chứng nhận quyền sử dụng đất tại {place}",
            "Bribes taken in land-use certificates in {place}", "354", (C,), "Đất đai"),
    Subject("Vụ án vi phạm quy định về quản lý đất đai tại {place}", "Land-management violations in {place}",
            "229", (C, W), "Đất đai"),
    Subject("Vụ án thiếu trách nhiệm gây hậu quả nghiêm trọng trong dự án kè sông tại {place}",
            "Negligence in the riverbank project of {place}", "360", (W,), "Đầu tư công"),
    Subject("Vụ án quản lý, sử dụng tài sản nhà nước gây thất thoát, lãng phí tại nhà văn hóa {place}",
            "State property lost and wasted at the culture house of {place}", "219", (W,), "Tài sản công"),
    Subject("Vụ án vi phạm quy định về kế toán tại Trường Cao đẳng nghề tỉnh",
            "Accounting violations at the provincial Vocational College", "221", (C, W), "Giáo dục"),
    Subject("Vụ án lợi dụng chức vụ, quyền hạn trong khi thi hành công vụ tại {place}",
            "Abuse of office in official duty in {place}", "356", (C, N), "Hành chính"),
    Subject("Vụ án lạm dụng chức vụ, quyền hạn chiếm đoạt tài sản tại Văn phòng đăng ký đất đai",
            "Property taken by abuse of office at the Land Registration Office", "355", (C,), "Đất đai"),
    Subject("Vụ án vi phạm quy định về đầu tư công tại dự án đường giao thông, {place}",
            "Public-investment violations in the road project of {place}", "220", (W,), "Đầu tư công"),
    Subject("Vụ án vi phạm quy định về bồi thường, hỗ trợ, tái định cư tại {place}",
            "Violations in compensation and resettlement in {place}", "230", (C, W), "Giải phóng mặt bằng"),
    Subject("Vụ án vi phạm quy định về đầu tư công trình xây dựng tại Trung tâm y tế {place}",
            "Building violations at the health centre of {place}", "224", (W,), "Xây dựng"),
    Subject("Vụ án giả mạo trong công tác tại Trung tâm đăng kiểm xe cơ giới",
            "Forgery in official duty at the vehicle-inspection centre", "359", (C, N), "Giao thông"),
    Subject("Vụ án vi phạm quy định về đấu thầu gói thầu thiết bị dạy học", "Bidding violations in teaching equipment",
            "222", (C, W), "Giáo dục"),
    Subject("Vụ án tham ô tài sản tại Quỹ tín dụng nhân dân {place}", "Embezzlement at the credit fund of {place}",
            "353", (C,), "Ngân hàng"),
    Subject("Vụ án đưa hối lộ, nhận hối lộ trong cấp phép khai thác khoáng sản tại {place}",
            "Bribery in mining licences in {place}", "354", (C,), "Khoáng sản"),
)  # fmt: skip

INCIDENTS = (
    Subject("Vụ việc thất thoát trong quản lý đất đai tại {place}", "Losses in land management in {place}",
            "", (C, W), "Đất đai"),
    Subject("Vụ việc chậm đưa vào sử dụng trụ sở dôi dư tại {place}", "Surplus offices left unused in {place}",
            "", (W,), "Tài sản công"),
    Subject("Vụ việc dấu hiệu vi phạm trong mua sắm trang thiết bị tại Trung tâm y tế {place}",
            "Signs of violations in purchases of the health centre of {place}", "", (C,), "Y tế"),
    Subject("Vụ việc dự án khu dân cư {place} kéo dài, gây lãng phí",
            "The prolonged and wasteful housing project of {place}", "", (W,), "Đầu tư công"),
    Subject("Vụ việc phản ánh tiêu cực trong tuyển dụng viên chức ngành giáo dục",
            "Reported irregularities in recruitment of teachers", "", (N,), "Giáo dục"),
    Subject("Vụ việc vi phạm trong thực hiện chương trình mục tiêu quốc gia tại {place}",
            "Violations in the national target programme in {place}", "", (C, W), "Nông nghiệp"),
    Subject("Vụ việc sử dụng kinh phí sai chế độ tại Ban Quản lý dự án {place}",
            "Funds spent against the rules by the project board of {place}", "", (W, N), "Ngân sách"),
    Subject("Vụ việc cấp phép khai thác cát, sỏi sai quy định tại {place}", "Unlawful sand licences in {place}",
            "", (C, N), "Khoáng sản"),
)  # fmt: skip

_WARDS = ("An Hòa", "Đông Sơn", "Minh Khai", "Tân Giang", "Nam Châu", "Bắc Châu")
_COMMUNES = (
    "Tân Lập", "Phú Lộc", "Bình Minh", "Long Thạnh", "Hòa Thuận", "Vĩnh Phong", "Đại Thắng", "Sơn Trà", "Yên Định",
    "Thanh Bình", "Quảng Phước",
)  # fmt: skip
PLACES = (
    *((f"phường {name}", f"{name} ward") for name in _WARDS),
    *((f"xã {name}", f"{name} commune") for name in _COMMUNES),
)
