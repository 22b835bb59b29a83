import PatchbayAPI
import PatchbayCore
import PatchbayText

/// Lines that make something of its own: a VM, a claim. The command line cannot say all that a request can; where it
/// cannot, there is no line.
extension ShellLine {
    package init?(creating draft: API.VMDraft) {
        let isSized = draft.profile != nil || (draft.vcpus != nil && draft.memoryMiB != nil)
        guard (draft.disk == nil) != (draft.kernel == nil), isSized, draft.disk != nil || draft.diskFormat == nil,
            draft.kernel != nil || (draft.initrd == nil && draft.commandLine == nil),
            draft.host == nil || draft.labels?.isEmpty != false
        else { return nil }
        self.init("vm", "create", draft.name)
        add("--host", draft.host)
        add("--label", pairs: draft.labels ?? [:])
        add("--strategy", draft.strategy?.rawValue)
        add("--profile", draft.profile)
        add("--cpus", draft.vcpus.map(String.init))
        add("--memory", draft.memoryMiB.map { "\($0)M" })
        add("--pin", draft.pin?.rawValue)
        add("--hugepages", draft.hugepages)
        add("--cells", draft.cells.map(String.init))
        guard add(draft.requests ?? []) else { return nil }
        add("--disk", draft.disk)
        add("--disk-format", draft.diskFormat)
        add("--kernel", draft.kernel)
        add("--initrd", draft.initrd)
        add("--append", draft.commandLine)
        add("--accelerator", draft.accelerator?.rawValue)
    }

    package init?(claiming draft: API.ClaimDraft) {
        self.init("claim", "create")
        switch draft.owner.kind {
        case .system: add("--system", draft.owner.name)
        case .reservation: add("--reservation", draft.owner.name)
        case .vm: return nil
        }
        add("--tenant", draft.owner.tenant)
        guard !draft.requests.isEmpty, add(draft.requests) else { return nil }
        for host in draft.hosts ?? [] { add("--host", host) }
        add("--label", pairs: draft.labels ?? [:])
        add("--strategy", draft.strategy?.rawValue)
        add("--from", draft.reservation)
        add("--id", draft.id)
        add("--priority", draft.priority.map(String.init))
        add("--lease", draft.leaseSeconds.map { "\($0)s" })
        add("--wait", if: draft.waits)
    }

    /// - Parameter verb: `stop`, `restart`
    package init(_ verb: String, _ vm: String, _ request: API.PowerRequest) {
        self.init("vm", verb, vm)
        add("--now", if: request.force)
        if request.force != true { add("--grace", request.timeoutSeconds.map { "\($0)s" }) }
    }

    /// - Parameter reason: why somebody says so.
    package init(_ words: String..., reason: String) {
        self.init(words)
        add("--reason", reason)
    }

    /// False: one of them cannot be written in words.
    private mutating func add(_ requests: [API.RequestDraft]) -> Bool {
        for request in requests {
            guard let words = request.option else { return false }
            add("--request", words)
        }
        return true
    }
}
