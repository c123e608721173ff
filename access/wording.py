"""Words at the doors: signing in, the own account, and what stands in for a page that may not be seen."""

from __future__ import annotations

from kpi.text import Text

SIGN_IN = Text("Sign in", "登录")
SIGN_IN_TO = Text("Sign in to PitWall", "登录售后指挥舱")
LOGIN = Text("Login", "登录名")
PASSWORD = Text("Password", "密码")
OLD_PASSWORD = Text("Present password", "当前密码")
NEW_PASSWORD = Text("New password", "新密码")
PASSWORD_RULE = Text(
    "12 characters or more; three unrelated words do well.", "至少 12 个字符；几个互不相关的词组合即可。"
)
CHANGE_PASSWORD = Text("Change password", "修改密码")
PASSWORD_CHANGED = Text(
    "The password is changed. Please sign in with the new one.", "密码已修改，请用新密码登录。"
)
WITH_PROVIDER = Text("Sign in with the company account", "使用公司账号登录")
DEMO = Text("Demo network on this machine: enter as", "本机演示网络：以下列身份进入")
DEMO_NOTE = Text(
    "These buttons exist only with demo data and only on this machine.",
    "仅在本机使用演示数据时显示这些按钮。",
)
OR_ACCOUNT = Text("or with an account", "或使用账户登录")

ACCOUNT = Text("Your account", "我的账户")
SIGNED_IN_AS = Text("Signed in as {login}", "当前登录：{login}")
ROLE = Text("Role", "角色")
UNITS = Text("Sees", "可见范围")
SIGN_OUT = Text("Sign out", "退出登录")
SIGN_OUT_EVERYWHERE = Text("Sign out on every device", "在所有设备上退出")
SIGNED_OUT = Text("You are signed out.", "您已退出登录。")

NO_KEY = Text(
    "PITWALL_SECRET_KEY is not set. Give it 32 random characters or more; only a demo network that can be read may go "
    "without (one made by an earlier version has to be made anew).",
    "未设置 PITWALL_SECRET_KEY。请设置至少 32 个随机字符；只有可读取的演示网络可以不设（旧版本生成的演示网络需重新生成）。",
)
SHORT_KEY = Text(
    "PITWALL_SECRET_KEY is too short: give it 32 random characters or more.",
    "PITWALL_SECRET_KEY 太短：请设置至少 32 个随机字符。",
)
DEMO_ACCOUNTS = Text(
    "PitWall: the demo's accounts, told once (also in {path}):",
    "PitWall：演示账户（仅显示一次，另存于 {path}）：",
)
