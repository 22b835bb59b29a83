import PatchbayAPI
import PatchbayCore
import PatchbayDisplay
import PatchbayText

extension WhatIfEntry {
    /// Fields of a guest beside its requests and where it may be.
    static let sizes = ["profile", "vcpus", "memoryMiB", "pin", "hugepages", "cells"]

    /// The address of this question, with nothing in it that says nothing.
    var address: String { Link.whatIf(tidy.fields.map { ($0.name, $0.value) }) }

    /// The fields, without those that say nothing.
    var tidy: FormFields {
        var kept: [FormFields.Field] = []
        func add(_ name: String, _ value: String) { kept.append(.init(name: name, value: value)) }
        for line in changes where !line.isBlank {
            add("change", line.kind)
            add("what", line.what.trimmed)
        }
        for name in ["vms"] + Self.sizes + ["hosts", "labels"] { if let value = fields[name] { add(name, value) } }
        if let strategy = HostChoice.strategy(fields), strategy != .pack { add("strategy", strategy.rawValue) }
        let blank = ClaimRequestFields.Typed()
        let lines = requests.filter { $0 != blank }.map(\.fields)
        // The n-th of a name belongs to the n-th line: a name is there for all lines or for none.
        for (index, empty) in blank.fields.enumerated() where lines.contains(where: { $0[index] != empty }) {
            for line in lines { add(empty.name, line[index].value) }
        }
        if let pool = fields["show"] { add("show", pool) }
        return FormFields(kept)
    }

    /// The address of the question with a fix made; nil: the form has no field for a part of it.
    func address(using fix: API.Fix) -> String? { using(fix)?.address }

    func using(_ fix: API.Fix) -> WhatIfEntry? { fix.steps.reduce(self as WhatIfEntry?) { $0?.using($1) } }

    private func using(_ step: API.Fix.Part) -> WhatIfEntry? {
        switch step.change {
        case "pin": return step.value.map { changed("pin", to: $0) }
        case "processors": return step.value.map { changed("vcpus", to: $0) }
        case "memory": return step.value.map { changed("memoryMiB", to: $0) }
        case "any-host":
            let others = fields.without(["hosts", "labels"])
            return others == fields ? nil : with(others)
        // A size that the profile says cannot be left out.
        case "hugepages": return fields["hugepages"].map { _ in changed("hugepages", to: "") }
        case "count", "numa", "group", "topology", "tags", "optional":
            guard let line = requestNames.first(where: { $0.value == step.request })?.key else { return nil }
            let name = step.change == "optional" ? "need" : step.change
            let value = step.change == "optional" ? "optional" : step.value ?? ""
            let whole = fields.without(Set(ClaimRequestFields.names)).fields + requests.flatMap(\.fields)
            return with(FormFields(whole).setting(name, at: line, to: value))
        default: return nil
        }
    }

    /// With other fields and the same profile, so that requests keep their names.
    private func with(_ fields: FormFields) -> WhatIfEntry {
        WhatIfEntry(fields, profiles: profile.map { [$0] } ?? [])
    }

    private func changed(_ name: String, to value: String) -> WhatIfEntry {
        with(FormFields(fields.without([name]).fields + [.init(name: name, value: value)]))
    }
}

extension WhatIfEntry {
    /// The same question from a shell; nil: it has a tag that no line can say.
    var command: String? {
        var words = ["patchbay", "whatif"]
        for change in question.changes ?? [] { words += change.options }
        if let count = question.count { words += ["--vms", String(count)] }
        if let guest = question.guest {
            if let profile = guest.profile { words += ["--profile", profile] }
            if let vcpus = guest.vcpus { words += ["--cpus", String(vcpus)] }
            if let memory = guest.memoryMiB { words += ["--memory", String(memory)] }
            if let pin = guest.pin { words += ["--pin", pin.rawValue] }
            if let hugepages = guest.hugepages { words += ["--hugepages", hugepages] }
            if let cells = guest.cells { words += ["--cells", String(cells)] }
            for host in guest.hosts ?? [] { words += ["--host", host] }
            for (name, value) in (guest.labels ?? [:]).sorted(by: { $0.key < $1.key }) {
                words += ["--label", "\(name)=\(value)"]
            }
            if let strategy = guest.strategy { words += ["--strategy", strategy.rawValue] }
            for request in guest.requests ?? [] {
                // Names matter to claims only.
                var request = request
                request.name = nil
                guard let option = request.option else { return nil }
                words += ["--request", option]
            }
        }
        return words.map(ShellLine.quoted).joined(separator: " ")
    }
}

extension API.ScenarioChange {
    fileprivate var options: [String] {
        if let drain { return ["--drain", drain] }
        if let hostGone { return ["--host-gone", hostGone] }
        if let deviceGone { return ["--device-gone", deviceGone] }
        if let splitGroup { return ["--split-group", splitGroup] }
        return joinGroups.map { ["--join-groups", $0.joined(separator: ",")] } ?? []
    }
}
