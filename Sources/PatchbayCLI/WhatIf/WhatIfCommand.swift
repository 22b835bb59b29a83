import ArgumentParser
import PatchbayAPI
import PatchbayCore

/// `patchbay whatif --drain atlas`, `patchbay whatif --pool gpus --cpus 8 --memory 32768 --vms 20`
struct WhatIfCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "whatif",
        abstract: "What would become of VMs, claims and pools if things were otherwise; nothing is changed.",
        discussion: """
            Without options: what each pool has to give, and how scattered that is. \
            Changes are made one after the other, as they are listed here; then the VMs are placed.
            Example:  patchbay whatif --host-gone atlas
                      patchbay whatif --drain atlas --pool gpus --memory 32G --vms 4
                      patchbay whatif -f gpus.yaml
            """)

    @OptionGroup(title: "What is otherwise") var changes: ImaginedOptions
    @Option(
        name: .customLong("vms"),
        help: ArgumentHelp(
            "So many VMs more, each of the size below and asking for the devices below; left out: none, it is only told "
                + "how many would fit.", valueName: "number"))
    var vms: Int?
    @OptionGroup(title: "One of these VMs") var size: GuestSizeOptions
    @OptionGroup(title: "What each asks for") var devices: DeviceOptions
    @OptionGroup(title: "Where") var place: HostOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if let vms, !(0...API.WhatIf.mostGuests).contains(vms) {
            throw ValidationError("--vms must be 0 to \(API.WhatIf.mostGuests)")
        }
        if vms ?? 0 > 0, size.isEmpty, devices.isEmpty {
            throw ValidationError("Say what each of the VMs asks for: --pool gpus --cpus 8 --memory 32768")
        }
    }

    func run() async throws {
        let question = API.WhatIf(changes: try changes.list(), guest: try guest(), count: vms)
        let out = Output(global, format: output.format())
        let outlook = try await global.service().whatIf(question)
        switch out.format {
        case .json: out.write(try JSONText.pretty(outlook))
        case .yaml: out.write(try YAMLText.render(outlook))
        case .name: for fate in outlook.fates { out.line("\(fate.kind.rawValue) \(ClaimWords.owner(fate.owner))") }
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

/// Changes of a fleet that is only imagined.
struct ImaginedOptions: ParsableArguments {
    @Option(
        name: .customLong("host-gone"), parsing: .singleValue,
        help: ArgumentHelp("A host that is gone; here and below: can be given several times.", valueName: "host"))
    var hostsGone: [String] = []
    @Option(
        name: .customLong("drain"), parsing: .singleValue,
        help: ArgumentHelp("A host that takes nothing new and gives up what it has.", valueName: "host"))
    var drained: [String] = []
    @Option(
        name: .customLong("device-gone"), parsing: .singleValue,
        help: ArgumentHelp("A device that is pulled out or broken.", valueName: "device"))
    var devicesGone: [String] = []
    @Option(
        name: .customLong("join-groups"), parsing: .singleValue,
        help: ArgumentHelp(
            "Devices whose IOMMU groups become one, as after another kernel.", valueName: "device,device"))
    var joined: [String] = []
    @Option(
        name: .customLong("split-group"), parsing: .singleValue,
        help: ArgumentHelp("A device whose IOMMU group falls apart.", valueName: "device"))
    var split: [String] = []
    @OptionGroup var policy: PolicySource

    func list() throws(Problem) -> [API.ImaginedChange] {
        var changes = hostsGone.map { API.ImaginedChange(hostGone: $0) } + drained.map { API.ImaginedChange(drain: $0) }
        for name in devicesGone { changes.append(API.ImaginedChange(deviceGone: try DeviceArgument.checked(name))) }
        for names in joined {
            var devices: [String] = []
            for name in names.split(separator: ",") { devices.append(try DeviceArgument.checked(String(name))) }
            changes.append(API.ImaginedChange(joinGroups: devices))
        }
        for name in split { changes.append(API.ImaginedChange(splitGroup: try DeviceArgument.checked(name))) }
        if !policy.isEmpty { changes.append(API.ImaginedChange(policy: try policy.draft())) }
        return changes
    }
}
