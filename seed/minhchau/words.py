"""What is written about events, in Vietnamese: symbols of documents, the bodies that issued them, notes of progress."""

from models.enums import EventKind as E
from models.enums import Stage

POLICE, PROCURACY, COURT = "Cơ quan CSĐT Công an tỉnh", "Viện kiểm sát nhân dân tỉnh", "Tòa án nhân dân tỉnh"
APPEAL_COURT, INSPECTORATE, COMMITTEE = "Tòa phúc thẩm", "Thanh tra tỉnh", "Ban Chỉ đạo tỉnh"
ENFORCEMENT, PARTY, AUDIT = "Thi hành án dân sự tỉnh", "Ủy ban Kiểm tra Tỉnh ủy", "Kiểm toán nhà nước khu vực"

# event → symbol of its document ({n} number, {y} year), the body that issued it, what it says ({law}: article charged)
PAPERS: dict[E, tuple[str, str, str]] = {
    E.REPORT_RECEIVED: ("Số {n}/BB-CSĐT", POLICE, "Tiếp nhận nguồn tin về tội phạm"),
    E.VERIFICATION_STARTED: ("Số {n}/QĐ-CSĐT", POLICE, "Phân công kiểm tra, xác minh nguồn tin"),
    E.REPORT_SUSPENDED: ("Số {n}/QĐ-CSĐT", POLICE, "Tạm đình chỉ để chờ kết quả định giá tài sản"),
    E.NOT_INITIATED: ("Số {n}/QĐ-CSĐT", POLICE, "Không có sự việc phạm tội"),
    E.CASE_INITIATED: ("Số {n}/QĐ-CSĐT", POLICE, "Khởi tố vụ án{law}"),
    E.ACCUSED_CHARGED: ("Số {n}/QĐ-CSĐT", POLICE, "Khởi tố {accused} bị can{law}"),
    E.INVESTIGATION_EXTENDED: ("Số {n}/QĐ-VKS", PROCURACY, "Gia hạn thời hạn điều tra, vụ án phức tạp"),
    E.INVESTIGATION_SUSPENDED: ("Số {n}/QĐ-CSĐT", POLICE, "Hết thời hạn điều tra, chưa có kết quả giám định"),
    E.INVESTIGATION_RESUMED: ("Số {n}/QĐ-CSĐT", POLICE, "Phục hồi điều tra sau khi có kết luận giám định"),
    E.INVESTIGATION_CONCLUDED: ("Số {n}/KLĐT-CSĐT", POLICE, "Đề nghị truy tố {accused} bị can"),
    E.FILE_TO_PROCURACY: ("Số {n}/BB-CSĐT", POLICE, "Giao hồ sơ và bản kết luận điều tra"),
    E.RETURNED_VKS: ("Số {n}/QĐ-VKS", PROCURACY, "Còn thiếu chứng cứ về thiệt hại"),
    E.PROSECUTION_EXTENDED: ("Số {n}/QĐ-VKS", PROCURACY, "Gia hạn thời hạn quyết định việc truy tố"),
    E.PROSECUTION_DECISION: ("Số {n}/CT-VKS", PROCURACY, "Truy tố {accused} bị can{law}"),
    E.CASE_ACCEPTED: ("Số {n}/{y}/TLST-HS", COURT, "Thụ lý vụ án hình sự sơ thẩm"),
    E.TRIAL_PREP_EXTENDED: ("Số {n}/{y}/QĐ-TA", COURT, "Gia hạn thời hạn chuẩn bị xét xử, vụ án phức tạp"),
    E.RETURNED_COURT: ("Số {n}/{y}/QĐ-TA", COURT, "Trả hồ sơ để làm rõ trách nhiệm của người liên quan"),
    E.TRIAL_DECISION: ("Số {n}/{y}/QĐXXST-HS", COURT, "Đưa vụ án ra xét xử sơ thẩm"),
    E.FIRST_INSTANCE_TRIAL_OPENED: ("", COURT, "Mở phiên tòa sơ thẩm, xét xử công khai"),
    E.FIRST_INSTANCE_JUDGMENT: ("Số {n}/{y}/HS-ST", COURT, "Tuyên phạt {accused} bị cáo, buộc bồi thường thiệt hại"),
    E.APPEAL_FILED: ("", COURT, "Bị cáo kháng cáo xin giảm nhẹ hình phạt"),
    E.APPEAL_FILE_RECEIVED: ("Số {n}/{y}/TLPT-HS", APPEAL_COURT, "Thụ lý vụ án hình sự phúc thẩm"),
    E.APPELLATE_TRIAL_OPENED: ("", APPEAL_COURT, "Mở phiên tòa phúc thẩm"),
    E.APPELLATE_JUDGMENT: ("Số {n}/{y}/HS-PT", APPEAL_COURT, "Giữ nguyên bản án sơ thẩm"),
    E.JUDGMENT_FINAL: ("", COURT, "Bản án có hiệu lực pháp luật"),
    E.ENFORCEMENT_DECISION: ("Số {n}/QĐ-THADS", ENFORCEMENT, "Thi hành phần trách nhiệm dân sự trong bản án"),
    E.ENFORCEMENT_COMPLETED: ("Số {n}/TB-THADS", ENFORCEMENT, "Đã thi hành xong phần có điều kiện thi hành"),
    E.NO_MEANS: ("Số {n}/QĐ-THADS", ENFORCEMENT, "Người phải thi hành án chưa có tài sản để thi hành"),
    E.CASSATION_PROTEST: ("Số {n}/KNGĐT-VKS", "Viện kiểm sát nhân dân tối cao", "Kháng nghị phần trách nhiệm dân sự"),
    E.TERMINATED: ("Số {n}/QĐ-CSĐT", POLICE, "Đình chỉ điều tra: hành vi không cấu thành tội phạm"),
    E.EXPERT_REQUESTED: ("Số {n}/QĐ-CSĐT", POLICE, "Trưng cầu giám định tài chính"),
    E.EXPERT_RESULT: ("Số {n}/KL-GĐTP", "Tổ chức giám định tư pháp", "Kết luận về số tiền thiệt hại"),
    E.VALUATION_REQUESTED: ("Số {n}/YC-CSĐT", POLICE, "Yêu cầu định giá tài sản"),
    E.VALUATION_RESULT: ("Số {n}/KL-HĐĐG", "Hội đồng định giá tài sản", "Kết luận giá trị tài sản"),
    E.MLA_REQUESTED: ("Số {n}/YC-CSĐT", POLICE, "Yêu cầu tương trợ tư pháp để xác minh dòng tiền"),
    E.DETENTION_ORDERED: ("Số {n}/LTG-CSĐT", POLICE, "Lệnh tạm giam BC-01, đã được phê chuẩn"),
    E.ASSETS_SEIZED: ("Số {n}/LKB-CSĐT", POLICE, "Kê biên nhà đất, phong tỏa tài khoản"),
    E.ASSETS_RELEASED: ("Số {n}/QĐ-CSĐT", POLICE, "Hủy bỏ kê biên phần tài sản không liên quan"),
    E.MONEY_RETURNED: ("", POLICE, "Bị can nộp tiền khắc phục hậu quả"),
    E.INSPECTION_OPENED: ("Số {n}/QĐ-TTr", INSPECTORATE, "Thanh tra theo chỉ đạo của Ban Chỉ đạo"),
    E.INSPECTION_CONCLUDED: ("Số {n}/KL-TTr", INSPECTORATE, "Kiến nghị thu hồi tiền và xử lý trách nhiệm"),
    E.AUDIT_CONCLUDED: ("Số {n}/BC-KTNN", AUDIT, "Kiến nghị xử lý tài chính và chấn chỉnh quản lý"),
    E.FILE_TRANSFERRED_TO_POLICE: ("Số {n}/CV-TTr", INSPECTORATE, "Chuyển hồ sơ có dấu hiệu tội phạm"),
    E.PARTY_DISCIPLINE: ("Số {n}-QĐ/UBKTTU", PARTY, "Kỷ luật cảnh cáo 01 đảng viên, khiển trách 02 đảng viên"),
    E.ADMIN_DISCIPLINE: ("Số {n}/QĐ-UBND", "Ủy ban nhân dân tỉnh", "Kỷ luật khiển trách 02 viên chức"),
    E.CONCLUSION_CARRIED_OUT: ("Số {n}/BC-UBND", "Ủy ban nhân dân tỉnh", "Đã thực hiện xong các kiến nghị"),
    E.PLACED_UNDER_SUPERVISION: ("Số {n}-TB/BCĐ", COMMITTEE, "Đưa vào diện theo dõi, chỉ đạo"),
    E.SUPERVISION_ENDED: ("Số {n}-TB/BCĐ", COMMITTEE, "Kết thúc theo dõi, chỉ đạo"),
}  # fmt: skip

NOTES: dict[Stage, tuple[str, ...]] = {
    Stage.VERIFICATION: (
        "Đã làm việc với đơn vị liên quan, thu thập hồ sơ, chứng từ",
        "Đang đối chiếu sổ sách kế toán và xác minh người liên quan",
    ),
    Stage.INVESTIGATION: (
        "Đã ghi lời khai, thu giữ hồ sơ dự án, chứng từ thanh toán",
        "Đang đôn đốc kết luận giám định về tài chính",
        "Đã làm rõ vai trò của từng bị can, còn xác minh dòng tiền",
        "Họp liên ngành ba cơ quan tố tụng thống nhất hướng xử lý",
        "Đang hoàn thiện hồ sơ để kết thúc điều tra",
    ),
    Stage.PROSECUTION: (
        "Kiểm sát viên đang nghiên cứu hồ sơ, dự thảo cáo trạng",
        "Đã trao đổi với Cơ quan điều tra về chứng cứ bổ sung",
    ),
    Stage.TRIAL_PREP: (
        "Thẩm phán đang nghiên cứu hồ sơ, dự kiến lịch xét xử",
        "Đã triệu tập người có quyền lợi, nghĩa vụ liên quan",
    ),
    Stage.APPEAL: (
        "Tòa phúc thẩm đang nghiên cứu hồ sơ, chưa ấn định ngày mở phiên tòa",
        "Đã yêu cầu tòa sơ thẩm bổ sung tài liệu",
    ),
    Stage.ENFORCEMENT: (
        "Chấp hành viên đã xác minh điều kiện thi hành án",
        "Đã kê biên, đang thẩm định giá tài sản để bán đấu giá",
        "Đã bán đấu giá thành một phần tài sản",
        "Đôn đốc người phải thi hành án tự nguyện nộp tiền",
    ),
    Stage.INSPECTION: (
        "Đoàn thanh tra làm việc trực tiếp tại đơn vị",
        "Đoàn thanh tra đã có báo cáo kết quả, đang dự thảo kết luận",
    ),
    Stage.FOLLOW_UP: (
        "Đơn vị được thanh tra báo cáo đã nộp một phần số tiền phải thu hồi",
        "Đã kiểm điểm trách nhiệm tập thể, cá nhân liên quan",
        "Đang rà soát, hoàn thiện hồ sơ đất đai theo kết luận",
    ),
    Stage.DISCIPLINE: (
        "Đang xem xét trách nhiệm của tổ chức đảng liên quan",
        "Đã hoàn thành kiểm điểm, chờ kết luận của cấp có thẩm quyền",
    ),
}
