import PatchbayAPI
import PatchbayCore
import PatchbayText

extension ShellLine {
    private mutating func add(_ settings: API.PoolDraft, keepsEmpty: Bool = false) {
        if let description = settings.description, keepsEmpty || !description.isEmpty {
            add("--description", description)
        }
        add("--class", settings.deviceClass?.rawValue)
        add("--prepare", settings.preparation?.rawValue)
        add("--sticky", settings.sticky?.rawValue)
        add("--guest-reset", settings.guestReset?.rawValue)
    }

    package init(_ request: API.PassthroughRequest) {
        self.init(["device", "passthrough"] + request.devices)
        add("--pool", request.pool)
        guard let pool = request.create else { return }
        add("--create", if: true)
        add(pool)
    }

    /// - Parameter draft: settings alone; rules have commands of their own.
    package init(creating draft: API.PoolDraft) {
        self.init("pool", "create", draft.name ?? "")
        add("--kind", draft.kind?.rawValue)
        add(draft)
    }

    package init(editing pool: String, _ draft: API.PoolDraft) {
        self.init("pool", "edit", pool)
        add("--name", draft.name)
        add(draft, keepsEmpty: true)
    }

    package init(_ request: API.AttachRequest, to vm: String) {
        self.init("attach", request.pool ?? request.device ?? "")
        add("--to", vm)
        if let count = request.count, count != 1 { add("--count", String(count)) }
        add("--name", request.name)
        add("--optional", if: request.isOptional)
        add("--numa", request.numa?.rawValue)
        add("--group-policy", request.groupPolicy?.rawValue)
        add("--topology", request.topology?.rawValue)
        add("--tag", pairs: request.tags ?? [:])
    }

    package init(_ request: API.DetachRequest, from vm: String) {
        self.init("detach", request.device ?? request.request ?? request.pool ?? "")
        add("--from", vm)
        add("--count", request.count.map(String.init))
    }

    package init(_ draft: API.HostSettingsDraft, of host: String) {
        self.init("host", "set", host)
        add("--label", pairs: draft.labels ?? [:])
        for name in draft.removeLabels ?? [] { add("--remove-label", name) }
        if let isPinned = draft.isPinned { add(isPinned ? "--pinned" : "--no-pinned", if: true) }
        if let isCordoned = draft.isCordoned { add(isCordoned ? "--cordon" : "--uncordon", if: true) }
    }
}
