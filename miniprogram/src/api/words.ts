// Made of schemas/openapi.json by scripts/words.mjs (npm run api).
export const WORDS = {
  "Act": {
    "report": "上报",
    "order": "下达整改措施",
    "extension": "申请延期",
    "regrade": "调整等级",
    "hand_over": "移交",
    "rectification": "确认完成整改"
  },
  "Age": {
    "week": "7 天以内",
    "month": "8～30 天",
    "older": "30 天以上"
  },
  "ClockLevel": {
    "ended": "已过期",
    "today": "今天到期",
    "within_7": "7 天内",
    "within_15": "15 天内",
    "within_30": "30 天内",
    "within_60": "60 天内"
  },
  "Duty": {
    "daily": "日管控",
    "weekly": "周排查",
    "monthly": "月调度",
    "weekly_report": "周报告",
    "monthly_report": "月报告"
  },
  "Evaluation": {
    "under_control": "安全风险可控，无较大安全风险隐患",
    "at_risk": "存在安全风险隐患，需尽快采取防范措施"
  },
  "Fate": {
    "on_time": "按时",
    "late": "补录",
    "missed": "漏检",
    "suspended": "停用",
    "unchecked": "整周未检"
  },
  "FileKind": {
    "photo": "照片",
    "signature": "签名"
  },
  "Gap": {
    "no_targets": "没有登记",
    "unattended": "没有安全员",
    "expired": "已过期",
    "undirected": "没有安全总监",
    "doubled": "兼任",
    "undated": "没有下次检验日期",
    "untyped": "没有品种",
    "idle": "没有负责的对象"
  },
  "Grade": {
    "general": "一般",
    "serious": "较大",
    "major": "重大"
  },
  "Handling": {
    "on_site": "立即处理",
    "pending": "待处理"
  },
  "HazardState": {
    "reported": "待下达",
    "ordered": "待整改",
    "rectified": "已整改"
  },
  "MinutesAct": {
    "submit": "提交负责人",
    "revise": "修改后提交",
    "return": "退回修改",
    "sign": "签字"
  },
  "MinutesState": {
    "submitted": "待负责人签字",
    "returned": "退回修改",
    "signed": "已签字"
  },
  "Result": {
    "pass": "合格",
    "fail": "不合格",
    "not_applicable": "无此项"
  },
  "Role": {
    "officer": "安全员",
    "director": "安全总监",
    "principal": "主要负责人",
    "administrator": "管理员"
  },
  "Stamp": {
    "zero_risk": "零风险",
    "no_new_hazard": "无新增隐患"
  },
  "TargetState": {
    "in_use": "在用",
    "suspended": "停用"
  },
  "TaskState": {
    "open": "待办",
    "done": "已办",
    "late": "补录",
    "missed": "漏检",
    "withdrawn": "撤回"
  },
  "UnitKind": {
    "use": "使用单位",
    "production": "生产单位",
    "filling": "充装单位"
  },
  "Verdict": {
    "pending": "待核验",
    "verified": "已核验",
    "refused": "未通过"
  }
} as const

export const TARGET_KINDS: Record<string, { name: string; short: string; unit_kind: string }> = {
  "1000": {
    "name": "锅炉",
    "short": "锅炉",
    "unit_kind": "use"
  },
  "2000": {
    "name": "压力容器（含气瓶）",
    "short": "压力容器",
    "unit_kind": "use"
  },
  "3000": {
    "name": "电梯",
    "short": "电梯",
    "unit_kind": "use"
  },
  "4000": {
    "name": "起重机械",
    "short": "起重机械",
    "unit_kind": "use"
  },
  "5000": {
    "name": "场（厂）内专用机动车辆",
    "short": "场车",
    "unit_kind": "use"
  },
  "6000": {
    "name": "大型游乐设施",
    "short": "大型游乐设施",
    "unit_kind": "use"
  },
  "8000": {
    "name": "压力管道",
    "short": "压力管道",
    "unit_kind": "use"
  },
  "9000": {
    "name": "客运索道",
    "short": "客运索道",
    "unit_kind": "use"
  },
  "BOILER_MFG": {
    "name": "锅炉制造（含安装（散装锅炉除外）、修理、改造）",
    "short": "锅炉制造",
    "unit_kind": "production"
  },
  "BOILER_INS": {
    "name": "锅炉安装（含修理、改造）",
    "short": "锅炉安装",
    "unit_kind": "production"
  },
  "PV_DES": {
    "name": "压力容器设计",
    "short": "压力容器设计",
    "unit_kind": "production"
  },
  "PV_MFG": {
    "name": "压力容器制造（含安装、修理、改造）",
    "short": "压力容器制造",
    "unit_kind": "production"
  },
  "GC_MFG": {
    "name": "气瓶制造",
    "short": "气瓶制造",
    "unit_kind": "production"
  },
  "PP_DES": {
    "name": "压力管道设计",
    "short": "压力管道设计",
    "unit_kind": "production"
  },
  "PPC_MFG": {
    "name": "压力管道元件（含安全附件）制造",
    "short": "压力管道元件制造",
    "unit_kind": "production"
  },
  "PP_INS": {
    "name": "压力管道安装（含修理、改造）",
    "short": "压力管道安装",
    "unit_kind": "production"
  },
  "EL_MFG": {
    "name": "电梯制造（含安装、修理、改造）",
    "short": "电梯制造",
    "unit_kind": "production"
  },
  "EL_INS": {
    "name": "电梯安装（含修理）",
    "short": "电梯安装",
    "unit_kind": "production"
  },
  "CR_MFG": {
    "name": "起重机械制造（含安装、修理、改造）",
    "short": "起重机械制造",
    "unit_kind": "production"
  },
  "CR_INS": {
    "name": "起重机械安装（含修理）",
    "short": "起重机械安装",
    "unit_kind": "production"
  },
  "CW_MFG": {
    "name": "客运索道制造（含安装、修理、改造）",
    "short": "客运索道制造",
    "unit_kind": "production"
  },
  "CW_INS": {
    "name": "客运索道安装（含修理）",
    "short": "客运索道安装",
    "unit_kind": "production"
  },
  "AR_MFG": {
    "name": "大型游乐设施制造（含安装、修理、改造）",
    "short": "大型游乐设施制造",
    "unit_kind": "production"
  },
  "AR_INS": {
    "name": "大型游乐设施安装（含修理）",
    "short": "大型游乐设施安装",
    "unit_kind": "production"
  },
  "FV_MFG": {
    "name": "场（厂）内专用机动车辆制造（含修理、改造）",
    "short": "场车制造",
    "unit_kind": "production"
  },
  "FV_REP": {
    "name": "场（厂）内专用机动车辆修理",
    "short": "场车修理",
    "unit_kind": "production"
  },
  "GC_FILL": {
    "name": "气瓶充装",
    "short": "气瓶充装",
    "unit_kind": "filling"
  },
  "MPV_FILL": {
    "name": "移动式压力容器充装",
    "short": "移动式压力容器充装",
    "unit_kind": "filling"
  }
}
