import PatchbayAPI
import PatchbayCore
import PatchbayText

/// What the form for a question says so far: as much of it as can be read, and what is wrong with the rest, by field.
struct WhatIfEntry: Sendable {
    /// A place of the form where something can be wrong.
    enum Place: Hashable, Sendable {
        /// The line, counted from 0.
        case change(Int)
        case request(Int)
        case count, vcpus, memory, pin, hugepages, cells, labels
    }

    private(set) var state: FormState<Place>
    /// The lines without the empty ones at the end.
    let changes: [ScenarioLine.Typed]
    let requests: [ClaimRequestFields.Typed]
    /// What can be read of it.
    private(set) var question = API.WhatIf()
    /// Where a guest may be, which is no question by itself.
    private(set) var place = API.GuestShape()
    /// The requests of the guest by the line that they are on.
    private(set) var requestNames: [Int: String] = [:]

    /// The chosen one.
    let profile: API.Profile?

    /// - Parameter profiles: a request is never named like one of the chosen profile.
    init(_ fields: FormFields, profiles: [API.Profile] = []) {
        self.state = FormState(fields)
        self.profile = profiles.first { $0.name == fields["profile"] }
        self.changes = ScenarioLine.Typed.all(of: fields).trimmingEnd { $0.isBlank }
        self.requests = ClaimRequestFields.Typed.all(of: fields).trimmingEnd { $0 == ClaimRequestFields.Typed() }
        readChanges()
        readGuest()
        question.pools = fields["show"].map { [$0] }
    }

    var fields: FormFields { state.fields }

    private mutating func readChanges() {
        let read = changes.indices.filter { !changes[$0].isBlank }.flatMap { index in
            state.read(.change(index)) { [changes] _ throws(Problem) in try changes[index].changes() } ?? []
        }
        question.changes = read.isEmpty ? nil : read
    }

    private mutating func readGuest() {
        var guest = API.GuestShape(profile: fields["profile"])
        guest.vcpus = state.read(.vcpus) { fields throws(Problem) in
            try fields.number("vcpus", "The number of vCPUs", in: 1...1024)
        }
        guest.memoryMiB = state.read(.memory) { fields throws(Problem) in
            try fields.number("memoryMiB", "The memory", in: 16...67_108_864)
        }
        guest.pin = state.read(.pin) { fields throws(Problem) in try fields.choice("pin", "The pin policy") }
        guest.hugepages = state.read(.hugepages) { fields throws(Problem) in
            guard let size = fields["hugepages"] else { return nil }
            _ = try HugepageWords.kibibytes(size)
            return size
        }
        guest.cells = state.read(.cells) { fields throws(Problem) in
            try fields.number("cells", "The number of NUMA cells", in: 1...64)
        }
        guest.hosts = HostChoice.hosts(fields)
        guest.labels = state.read(.labels) { fields throws(Problem) in try HostChoice.labels(fields) }
        guest.strategy = HostChoice.strategy(fields).flatMap { $0 == .pack ? nil : $0 }
        guest.requests = readRequests(besides: (profile?.requests ?? []).map(\.name))
        place = API.GuestShape(hosts: guest.hosts, labels: guest.labels, strategy: guest.strategy)
        question.guest = guest == place ? nil : guest
        readCount()
    }

    private mutating func readRequests(besides others: [String]) -> [API.RequestDraft]? {
        var read: [API.RequestDraft] = []
        for index in requests.indices where !requests[index].isBlank {
            let request = state.read(.request(index)) { [requests] _ throws(Problem) in
                try requests[index].draft(besides: others + read.compactMap(\.name))
            }
            guard let request else { continue }
            read.append(request)
            requestNames[index] = request.name
        }
        return read.isEmpty ? nil : read
    }

    private mutating func readCount() {
        let hasGuest = question.guest != nil
        let isSizeWrong = !state.problems.keys.allSatisfy(\.isOfChange)
        question.count = state.read(.count) { fields throws(Problem) in
            let count = try fields.number("vms", "The number of VMs", in: 0...API.WhatIf.mostGuests)
            guard !hasGuest else { return count }
            // Where the size is wrong, that is said beside it.
            guard count ?? 0 > 0, !isSizeWrong else { return nil }
            throw Problem(
                .malformedInput, "The size of each VM is missing.",
                next: ["Enter a size, or choose a pool below."])
        }
    }
}

extension WhatIfEntry.Place {
    fileprivate var isOfChange: Bool { if case .change = self { true } else { false } }
}

extension Array {
    /// Without the last ones for which it holds.
    func trimmingEnd(_ isEmpty: (Element) -> Bool) -> [Element] {
        Array(prefix((lastIndex { !isEmpty($0) } ?? -1) + 1))
    }
}
