"""Words of the administration and the audit trail."""

from __future__ import annotations

from kpi.text import Text
from operations.audit import Act

PEOPLE = Text("People", "人员")
NEW_PERSON = Text("New person", "新增人员")
NAME = Text("Name", "姓名")
UNITS = Text("Units", "可见单位")
UNITS_HINT = Text(
    "network, or region:north,region:east, or store:S0001",
    "network；或 region:north,region:east；或 store:S0001",
)
FIRST_PASSWORD = Text("First password (empty: company account only)", "初始密码（留空则仅限公司账号）")
STATE = Text("State", "状态")
ACTIVE, BARRED = Text("May sign in", "可登录"), Text("Barred", "已停用")
SAVE, ADD = Text("Save", "保存"), Text("Add", "新增")
SAVED = Text("Saved.", "已保存。")
ROLES_TITLE = Text("Roles", "角色说明")

VIEW_AS = Text("View as", "以其他角色预览")
VIEW_AS_NOTE = Text(
    "Shows what a role sees, without personal data. Every look is written down.",
    "按所选角色显示页面，不含个人信息；每次预览均记入审计。",
)
VIEW = Text("View", "预览")

TARGETS = Text("Targets and limits", "目标与阈值")
TARGETS_NOTE = Text(
    "A new row holds from its day on, for a unit and what lies below it; earlier days keep their limits. "
    "Leave the limits empty to return to the declared ones. Past periods are judged by them at once; the current status "
    "of boards and map, which looks at many weeks together, by the next nightly publish.",
    "新行自生效日起适用于该单位及其下级；此前日期沿用原阈值。阈值留空则恢复为默认声明值。"
    "历史期间立即按新阈值判定；看板与地图的当前状态综合多周数据，于下次夜间发布时更新。",
)
METRIC, UNIT = Text("Metric", "指标"), Text("Unit", "单位")
FROM_DAY = Text("From", "生效日")
SINCE_DAY = Text("Since", "起始日")
GOOD, CRITICAL = Text("Green from", "绿线"), Text("Red beyond", "红线")
GOOD_HIGH, CRITICAL_HIGH = (
    Text("Green up to (bands)", "绿线上限（区间）"),
    Text("Red above (bands)", "红线上限（区间）"),
)
WHY = Text("Why", "原因")
SET_BY = Text("Set by", "设定人")
DECLARED = Text("declared limits", "默认声明值")
NONE_SET = Text("Nobody has changed a target yet.", "尚未调整任何目标。")
BAD_NUMBER = Text("“{text}” is not a number.", "“{text}”不是数字。")
BAD_DAY = Text("“{text}” is not a day: use YYYY-MM-DD.", "“{text}”不是有效日期：请使用 YYYY-MM-DD。")
WHY_NEEDED = Text(
    "Say why: whoever sees the new colour will ask.", "请填写原因，以便查看者了解颜色变化的缘由。"
)

WHO, WHEN, ACT = Text("Who", "人员"), Text("When", "时间"), Text("What", "操作")
SUBJECT, DETAIL = Text("On what", "对象"), Text("Detail", "详情")
ANYBODY, ANYTHING = Text("anybody", "全部人员"), Text("anything", "全部操作")
SHOW = Text("Show", "查询")
KEPT = Text(
    "The newest {n} entries. Entries are kept for {days} days and cannot be changed.",
    "最新 {n} 条。记录保留 {days} 天，且不可更改。",
)
NOTHING_FOUND = Text("No entries.", "没有记录。")
ACTS = {
    Act.SIGNED_IN: Text("Signed in", "登录"),
    Act.SIGN_IN_FAILED: Text("Failed to sign in", "登录失败"),
    Act.LOCKED: Text("Locked after failures", "多次失败后锁定"),
    Act.SIGNED_OUT: Text("Signed out", "退出"),
    Act.SIGNED_OUT_EVERYWHERE: Text("Signed out everywhere", "在所有设备退出"),
    Act.VIEWED_AS: Text("Viewed as another role", "以其他角色预览"),
    Act.SAW_PERSONAL: Text("Saw personal data", "查看个人信息"),
    Act.EXPORTED: Text("Exported", "导出"),
    Act.REFUSED: Text("Was refused", "被拒绝"),
    Act.PERSON_CHANGED: Text("Changed a person", "变更人员"),
    Act.TARGET_CHANGED: Text("Changed a target", "调整目标"),
    Act.PLAYLIST_CHANGED: Text("Changed a playlist", "变更轮播"),
    Act.KIOSK_MADE: Text("Let a screen in", "接入大屏"),
    Act.KIOSK_REVOKED: Text("Shut a screen out", "停用大屏"),
}
