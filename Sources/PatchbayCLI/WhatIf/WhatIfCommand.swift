import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay whatif --drain atlas`, `patchbay whatif --pool gpus --cpus 8 --memory 32768 --vms 20`
struct WhatIfCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whatif",
        abstract: "Simulate the loss of hosts or devices, policy changes and new VMs.",
        discussion: """
            Nothing is changed. Without options: how many devices each pool has free, and how they are spread over hosts. \
            The changes are simulated in the order listed here; then VMs that have to move, and those of --vms, are placed.
            Example:  patchbay whatif --host-gone atlas
                      patchbay whatif --drain atlas --pool gpus --memory 32G --vms 4
                      patchbay whatif -f gpus.yaml
            """)

    @OptionGroup(title: "Changes") var changes: ScenarioOptions
    @Option(
        name: .customLong("vms"),
        help: ArgumentHelp(
            "Number of additional VMs to place; omit it to see only how many would fit.", valueName: "number"))
    var vms: Int?
    @OptionGroup(title: "Size of each VM") var size: GuestSizeOptions
    @OptionGroup(title: "Devices of each VM") var devices: DeviceOptions
    @OptionGroup(title: "Placement") var place: HostOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let vms, !(0...API.WhatIf.mostGuests).contains(vms) {
            throw ValidationError("--vms must be 0 to \(API.WhatIf.mostGuests)")
        }
        if vms ?? 0 > 0, size.isEmpty, devices.isEmpty {
            throw ValidationError("Give the size of each VM or its devices: --pool gpus --cpus 8 --memory 32768")
        }
    }

    func run() async throws {
        let question = API.WhatIf(changes: try changes.list(), guest: try guest(), count: vms)
        let out = Output(global, format: output.format())
        let outlook = try await global.service().whatIf(question)
        switch out.format {
        case .json: out.write(try JSONText.pretty(outlook))
        case .yaml: out.write(try YAMLText.render(outlook))
        case .name:
            for impact in outlook.impacts { out.line("\(impact.kind.rawValue) \(ClaimWords.owner(impact.owner))") }
        case .table, .wide, .tree:
            out.write(OutlookText(outlook, of: question, isWhole: out.isVerbose, style: out.style).render())
            out.findings(outlook.findings)
        }
    }

    /// nil: no VM is asked about.
    private func guest() throws(Problem) -> API.GuestShape? {
        guard !size.isEmpty || !devices.isEmpty else { return nil }
        try size.check()
        return API.GuestShape(
            profile: size.profile, vcpus: size.cpus, memoryMiB: size.memory?.mebibytes, pin: size.pin,
            hugepages: size.hugepages,
            cells: size.cells, requests: devices.isEmpty ? nil : try devices.requests(), hosts: place.named,
            labels: try place.choice.neededLabels(), strategy: place.choice.strategy)
    }
}

/// Changes that make a scenario.
struct ScenarioOptions: ParsableArguments {
    @Option(
        name: .customLong("host-gone"), parsing: .singleValue,
        help: ArgumentHelp("Remove this host (repeatable).", valueName: "host"),
        completion: .names(.host))
    var hostsGone: [String] = []
    @Option(
        name: .customLong("drain"), parsing: .singleValue,
        help: ArgumentHelp("Drain this host: everything on it has to move (repeatable).", valueName: "host"),
        completion: .names(.host))
    var drained: [String] = []
    @Option(
        name: .customLong("device-gone"), parsing: .singleValue,
        help: ArgumentHelp("Remove this device, as if it were pulled out (repeatable).", valueName: "device"),
        completion: .names(.device))
    var devicesGone: [String] = []
    @Option(
        name: .customLong("join-groups"), parsing: .singleValue,
        help: ArgumentHelp(
            "Treat these devices as one IOMMU group, as after a change of kernel or firmware (repeatable).",
            valueName: "device,device"))
    var joined: [String] = []
    @Option(
        name: .customLong("split-group"), parsing: .singleValue,
        help: ArgumentHelp(
            "Give each device of this one's IOMMU group a group of its own (repeatable).", valueName: "device"),
        completion: .names(.device))
    var split: [String] = []
    @OptionGroup var policy: PolicySource

    func list() throws(Problem) -> [API.ScenarioChange] {
        var changes = hostsGone.map { API.ScenarioChange(hostGone: $0) } + drained.map { API.ScenarioChange(drain: $0) }
        for name in devicesGone { changes.append(API.ScenarioChange(deviceGone: try DeviceArgument.checked(name))) }
        for names in joined {
            var devices: [String] = []
            for name in names.split(separator: ",") { devices.append(try DeviceArgument.checked(String(name))) }
            changes.append(API.ScenarioChange(joinGroups: devices))
        }
        for name in split { changes.append(API.ScenarioChange(splitGroup: try DeviceArgument.checked(name))) }
        if !policy.isEmpty { changes.append(API.ScenarioChange(policy: try policy.draft())) }
        return changes
    }
}
