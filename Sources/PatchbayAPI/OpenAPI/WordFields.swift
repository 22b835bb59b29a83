import PatchbayCore

extension API.Condition: WordFields {
    package static var words: [String: [String]] {
        let fields = DeviceKind.allCases.flatMap(DeviceField.ofRules)
        return [
            "field": DeviceField.allCases.filter(fields.contains).map(\.rawValue),
            "comparison": PatchbayCore.Condition.Comparison.allCases.map(\.rawValue),
        ]
    }
}

extension API.Plan: WordFields {
    package static var words: [String: [String]] {
        ["phase": ["planned", "queued", "running", "undoing", "applied", "rolled-back", "stuck"]]
    }
}

extension API.Step: WordFields {
    package static var words: [String: [String]] {
        ["status": ["waiting", "running", "done", "failed", "undone"]]
    }
}

extension API.VM: WordFields {
    package static var words: [String: [String]] { ["origin": ["managed", "adopted"]] }
}

extension API.Difference: WordFields {
    package static var words: [String: [String]] { ["kind": ["pool", "profile"]] }
}
