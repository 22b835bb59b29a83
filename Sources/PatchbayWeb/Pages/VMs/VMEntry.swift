import PatchbayAPI
import PatchbayCore

/// What the form for a new VM says so far: its own fields, and a guest as a question about room has it.
struct VMEntry: Sendable {
    /// Fields that the question has none of; `vm` is the VM's name, because every request has a `name`.
    private static let own = [
        "vm", "disk", "diskFormat", "kernel", "initrd", "commandLine", "accelerator",
    ]

    /// Which of several hosts, where none is named.
    private static let choice = ["labels", "strategy"]

    let fields: FormFields
    /// Whether one VM of this kind has room.
    let guest: WhatIfEntry

    init(_ fields: FormFields, profiles: [API.Profile]) {
        self.fields = fields
        // A host that is named needs no labels.
        let place = fields["host"] == nil ? Self.choice : []
        let asked = Set(WhatIfEntry.sizes + ClaimRequestFields.names + place)
        var guest = fields.fields.filter { asked.contains($0.name) }
        if let host = fields["host"] { guest.append(.init(name: "hosts", value: host)) }
        self.guest = WhatIfEntry(FormFields(guest), profiles: profiles)
    }

    /// Where it would be placed.
    var question: API.WhatIf {
        var question = guest.question
        question.guest = shape
        question.count = 1
        question.isBrief = true
        return question
    }

    /// What is said, and how large it is where neither the form nor a profile says.
    private var shape: API.GuestShape {
        var shape = guest.question.guest ?? guest.place
        // A profile that is not known is refused by its name.
        guard shape.profile == nil || guest.profile != nil else { return shape }
        if guest.profile?.vcpus == nil { shape.vcpus = shape.vcpus ?? VMForm.usualVCPUs }
        if guest.profile?.memoryMiB == nil { shape.memoryMiB = shape.memoryMiB ?? VMForm.usualMemoryMiB }
        return shape
    }

    /// The form's address with a fix made; nil: it has no field for a part of it.
    func address(using fix: API.Fix) -> String? {
        guard let changed = guest.using(fix)?.tidy else { return nil }
        // Any host, if that is the fix.
        let keepsHost = changed["hosts"] != nil
        let kept = Set(Self.own + (keepsHost ? ["host"] + Self.choice : []))
        let mine = fields.fields.filter { kept.contains($0.name) }
        return Link.newVM(FormFields(mine + changed.without(["hosts"]).fields))
    }

    /// Throws the first thing that is wrong.
    func draft() throws(Problem) -> API.VMDraft {
        let name = try fields.required("vm", "The name of the VM")
        let lines = guest.requests.indices.map { WhatIfEntry.Place.request($0) }
        try guest.state.check([.vcpus, .memory, .pin, .hugepages, .cells, .labels] + lines)
        guard fields["disk"] != nil || fields["kernel"] != nil else {
            throw Problem(
                .malformedInput, "\(name) has nothing to boot from.",
                next: ["Fill in a disk image, or a kernel, by its path on the host."])
        }
        let shape = shape
        let host = fields["host"]
        return API.VMDraft(
            name: name, host: host, profile: shape.profile, vcpus: shape.vcpus, memoryMiB: shape.memoryMiB,
            disk: fields["disk"], diskFormat: fields["disk"] == nil ? nil : fields["diskFormat"],
            kernel: fields["kernel"], initrd: fields["initrd"], commandLine: fields["commandLine"],
            accelerator: fields["accelerator"].flatMap(GuestSpec.Accelerator.init), pin: shape.pin,
            hugepages: shape.hugepages, cells: shape.cells, requests: shape.requests,
            labels: shape.labels, strategy: shape.strategy)
    }
}
