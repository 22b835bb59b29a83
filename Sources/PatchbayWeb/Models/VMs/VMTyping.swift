import PatchbayAPI
import PatchbayCore

/// What the form for a new VM says so far: its own fields, and a guest as a question about room has it.
struct VMTyping: Sendable {
    /// Fields that the question has none of; `vm` is the VM's name, because every request has a `name`.
    private static let own = [
        "vm", "host", "disk", "diskFormat", "kernel", "initrd", "commandLine", "accelerator",
    ]

    let fields: FormFields
    /// Whether one VM of this kind has room.
    let guest: WhatIfTyping

    init(_ fields: FormFields, profiles: [API.Profile]) {
        self.fields = fields
        var asked = fields.without(Set(Self.own + ["vms", "hosts", "token"])).fields
        asked.append(.init(name: "vms", value: "1"))
        if let host = fields["host"] { asked.append(.init(name: "hosts", value: host)) }
        guest = WhatIfTyping(FormFields(asked), profiles: profiles)
    }

    /// Where it would go; what is not said is as when the VM is made.
    var question: API.WhatIf {
        var question = guest.question
        var shape = question.guest ?? API.GuestShape(hosts: HostChoice.hosts(guest.fields))
        if shape.profile == nil {
            shape.vcpus = shape.vcpus ?? VMForm.usualVCPUs
            shape.memoryMiB = shape.memoryMiB ?? VMForm.usualMemoryMiB
        }
        question.guest = shape
        question.count = 1
        return question
    }

    /// The form's address with a fix made; nil: it has no field for a part of it.
    func address(using fix: API.Fix) -> String? {
        guard let changed = guest.using(fix)?.tidy else { return nil }
        let mine = fields.fields.filter { field in
            // Any host, if that is the fix.
            field.name == "host" ? changed["hosts"] != nil : Self.own.contains(field.name)
        }
        return "/vms/new?" + FormFields(mine + changed.without(["vms", "hosts"]).fields).encoded
    }

    /// Throws the first thing that is wrong.
    func draft() throws(Problem) -> API.VMDraft {
        let name = try fields.required("vm", "The name of the VM")
        if let problem = guest.firstProblemOfGuest { throw problem }
        guard fields["disk"] != nil || fields["kernel"] != nil else {
            throw Problem(
                .malformedInput, "\(name) has nothing to start from.",
                next: ["Fill in a disk image, or a kernel, by its path on the host."])
        }
        let shape = guest.question.guest ?? API.GuestShape()
        let host = fields["host"]
        return API.VMDraft(
            name: name, host: host, profile: shape.profile, vcpus: shape.vcpus, memoryMiB: shape.memoryMiB,
            disk: fields["disk"], diskFormat: fields["disk"] == nil ? nil : fields["diskFormat"],
            kernel: fields["kernel"], initrd: fields["initrd"], commandLine: fields["commandLine"],
            accelerator: fields["accelerator"].flatMap(GuestSpec.Accelerator.init), pin: shape.pin,
            hugepages: shape.hugepages, cells: shape.cells, requests: shape.requests,
            labels: host == nil ? shape.labels : nil, strategy: host == nil ? shape.strategy : nil)
    }
}

extension WhatIfTyping {
    /// In the order of the form.
    fileprivate var firstProblemOfGuest: Problem? {
        let lines = requests.indices.map { Place.request($0) }
        return ([Place.vcpus, .memory, .pin, .hugepages, .cells, .labels] + lines).lazy.compactMap { problems[$0] }
            .first
    }
}
