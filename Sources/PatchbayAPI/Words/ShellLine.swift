import PatchbayCore

/// The command that does what a request asks for. It is made from the request that is sent, so that it cannot say less.
///
/// Every form of the dashboard shows one; the command line reads it back into the same request.
package struct ShellLine: Hashable, Sendable {
    /// What is behind `patchbay`.
    package private(set) var words: [String]

    package init(_ words: String...) { self.words = words }
    package init(_ words: [String]) { self.words = words }

    /// As it can be typed.
    package var text: String { (["patchbay"] + words).map(Self.quoted).joined(separator: " ") }

    /// In quotes where the shell would make something else of it.
    package static func quoted(_ word: String) -> String {
        let isPlain = word.unicodeScalars.allSatisfy {
            $0.isASCII && $0.properties.isAlphabetic || "0123456789-_./:=,@%+".unicodeScalars.contains($0)
        }
        guard !isPlain || word.isEmpty else { return word }
        return "'" + word.replacing("'", with: "'\\''") + "'"
    }

    /// An option with its value; nothing where there is none. A value that begins like an option is tied to it.
    mutating func add(_ option: String, _ value: String?) {
        guard let value else { return }
        words += value.hasPrefix("-") ? ["\(option)=\(value)"] : [option, value]
    }

    mutating func add(_ flag: String, if isSet: Bool?) { if isSet == true { words.append(flag) } }

    mutating func add(_ option: String, pairs: [String: String]) {
        for (name, value) in pairs.sorted(by: { $0.key < $1.key }) { add(option, "\(name)=\(value)") }
    }

    private mutating func add(_ settings: API.PoolDraft, keepsEmpty: Bool = false) {
        if let description = settings.description, keepsEmpty || !description.isEmpty {
            add("--description", description)
        }
        add("--class", settings.deviceClass?.rawValue)
        add("--prepare", settings.preparation?.rawValue)
        add("--sticky", settings.sticky?.rawValue)
        add("--guest-reset", settings.guestReset?.rawValue)
    }
}

extension ShellLine {
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
