import PatchbayAPI
import PatchbayCore

/// What the form for a question says so far: as much of it as can be read, and what is wrong with the rest, by field.
struct WhatIfTyping: Sendable {
    /// A place of the form where something can be wrong.
    enum Place: Hashable, Sendable {
        /// The line, counted from 0.
        case change(Int)
        case request(Int)
        case count, vcpus, memory, pin, hugepages, cells, labels
    }

    let fields: FormFields
    /// The lines without the empty ones at the end.
    let changes: [ScenarioLine.Typed]
    let requests: [ClaimRequestFields.Typed]
    private(set) var problems: [Place: Problem] = [:]
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
        self.fields = fields
        self.profile = profiles.first { $0.name == fields["profile"] }
        self.changes = ScenarioLine.Typed.all(of: fields).trimmingEnd { $0.isBlank }
        self.requests = ClaimRequestFields.Typed.all(of: fields).trimmingEnd { $0 == ClaimRequestFields.Typed() }
        readChanges()
        readGuest()
        question.pools = fields["show"].map { [$0] }
    }

    func hint(_ place: Place) -> Hint? { problems[place].map { Hint($0) } }

    private mutating func readChanges() {
        var read: [API.ScenarioChange] = []
        for index in changes.indices where !changes[index].isBlank {
            attempt(.change(index)) { typing throws(Problem) in read += try typing.changes[index].changes() }
        }
        question.changes = read.isEmpty ? nil : read
    }

    private mutating func readGuest() {
        var guest = API.GuestShape(profile: fields["profile"])
        attempt(.vcpus) { typing throws(Problem) in
            guest.vcpus = try typing.fields.number("vcpus", "The number of vCPUs", in: 1...1024)
        }
        attempt(.memory) { typing throws(Problem) in
            guest.memoryMiB = try typing.fields.number("memoryMiB", "The memory", in: 16...67_108_864)
        }
        attempt(.pin) { typing throws(Problem) in guest.pin = try typing.fields.choice("pin", "The pin policy") }
        attempt(.hugepages) { typing throws(Problem) in
            guard let size = typing.fields["hugepages"] else { return }
            _ = try HugepageWords.kibibytes(size)
            guest.hugepages = size
        }
        attempt(.cells) { typing throws(Problem) in
            guest.cells = try typing.fields.number("cells", "The number of NUMA cells", in: 1...64)
        }
        guest.hosts = HostChoice.hosts(fields)
        attempt(.labels) { typing throws(Problem) in guest.labels = try HostChoice.labels(typing.fields) }
        guest.strategy = HostChoice.strategy(fields).flatMap { $0 == .pack ? nil : $0 }
        guest.requests = readRequests(besides: (profile?.requests ?? []).map(\.name))
        place = API.GuestShape(hosts: guest.hosts, labels: guest.labels, strategy: guest.strategy)
        question.guest = guest == place ? nil : guest
        readCount()
    }

    private mutating func readRequests(besides others: [String]) -> [API.RequestDraft]? {
        var read: [API.RequestDraft] = []
        for index in requests.indices where !requests[index].isBlank {
            attempt(.request(index)) { typing throws(Problem) in
                let request = try typing.requests[index].draft(besides: others + read.compactMap(\.name))
                read.append(request)
                typing.requestNames[index] = request.name
            }
        }
        return read.isEmpty ? nil : read
    }

    private mutating func readCount() {
        attempt(.count) { typing throws(Problem) in
            let count = try typing.fields.number("vms", "The number of VMs", in: 0...API.WhatIf.mostGuests)
            guard typing.question.guest == nil else { return typing.question.count = count }
            // Where the size is wrong, that is said beside it.
            guard count ?? 0 > 0, typing.problems.keys.allSatisfy(\.isOfChange) else { return }
            throw Problem(
                .malformedInput, "The size of each VM is missing.",
                next: ["Enter a size, or choose a pool below."])
        }
    }

    private mutating func attempt(_ place: Place, _ read: (inout WhatIfTyping) throws(Problem) -> Void) {
        do throws(Problem) {
            try read(&self)
        } catch {
            problems[place] = error
        }
    }
}

extension WhatIfTyping.Place {
    fileprivate var isOfChange: Bool { if case .change = self { true } else { false } }
}

extension Array {
    /// Without the last ones for which it holds.
    func trimmingEnd(_ isEmpty: (Element) -> Bool) -> [Element] {
        Array(prefix((lastIndex { !isEmpty($0) } ?? -1) + 1))
    }
}
