import PatchbayCore

extension Command {
    /// As the command line of Patchbay reads it; what is for the reader to fill in is in capitals.
    package var line: ShellLine {
        switch self {
        case .status: ShellLine("status")
        case .help(let topic): ShellLine("help", topic)
        case .examine(let host, let asRoot): ShellLine(["doctor"] + [host].compactMap(\.self), asRoot: asRoot)
        case .listHosts: ShellLine("host", "list")
        case .showHost(let host): ShellLine("host", "show", host ?? "HOST")
        case .refreshHost(let host): ShellLine("host", "refresh", host ?? "HOST")
        case .inspectHost(let asRoot): ShellLine(["host", "inspect"], asRoot: asRoot)
        case .recordHost(let file): ShellLine("host", "record", file ?? "FILE.tar.xz")
        case .acceptHost(let host): ShellLine("host", "accept", host ?? "HOST")
        case .removeHost(let host): ShellLine("host", "remove", host)
        case .uncordonHost(let host): ShellLine("host", "set", host, "--uncordon")
        case .pinHost(let host): ShellLine("host", "set", host, "--pinned")
        case .listDevices(let host, let kind, let conditions): Self.devices(host, kind, conditions)
        case .showDevice(let device): ShellLine("device", "show", device)
        case .lendDevice(let device, let pool, let creates):
            ShellLine(
                ["device", "passthrough", device ?? "DEVICE", "--pool", pool ?? "NAME"] + (creates ? ["--create"] : []))
        case .releaseDevice(let device): ShellLine("device", "release", device)
        case .returnDevice(let device): ShellLine("device", "return", device)
        case .listUSB(let host): ShellLine(["usb", "list"] + [host].compactMap(\.self))
        case .listGroups(let host): Self.list("group", "--host", host)
        case .showGroup(let group): ShellLine("group", "show", group.map(String.init) ?? "N")
        case .listPools: ShellLine("pool", "list")
        case .showPool(let pool): ShellLine("pool", "show", pool)
        case .createPool(let pool): ShellLine("pool", "create", pool)
        case .unstickPool(let pool): ShellLine("pool", "edit", pool, "--sticky", "never")
        case .listRules(let pool): ShellLine("pool", "rule", "list", pool)
        case .removeRule(let rule, let pool): ShellLine("pool", "rule", "remove", pool, rule)
        case .listProfiles: ShellLine("profile", "list")
        case .showProfile(let profile): ShellLine("profile", "show", profile)
        case .exportPolicy(let file): ShellLine(["export"], output: file)
        case .applyPolicy(let file): ShellLine("apply", "-f", file)
        case .listVMs: ShellLine("vm", "list")
        case .showVM(let vm): ShellLine("vm", "show", vm)
        case .createVM(let vm): ShellLine("vm", "create", vm, "--disk", "FILE")
        case .deleteVM(let vm): ShellLine("vm", "delete", vm)
        case .startVM(let vm, let risk): Self.power("start", vm, risk)
        case .restartVM(let vm, let risk): Self.power("restart", vm, risk)
        case .stopVM(let vm): ShellLine("vm", "stop", vm)
        case .stopVMPatiently(let vm): ShellLine("vm", "stop", vm, "--grace", "10m")
        case .powerOffVM(let vm): ShellLine("vm", "stop", vm, "--now")
        case .confirmOff(let vm): ShellLine("vm", "confirm-off", vm, "--reason", "TEXT")
        case .explainVM(let vm): ShellLine("vm", "explain", vm)
        case .openConsole(let vm): ShellLine("vm", "console", vm)
        case .readConsole(let vm): ShellLine("vm", "console", vm, "--log")
        case .attach(let what, let vm): ShellLine("attach", what ?? "POOL", "--to", vm)
        case .detach(let what, let vm): ShellLine("detach", what, "--from", vm ?? "VM")
        case .listClaims(let owner): Self.list("claim", "--owner", owner)
        case .showClaim(let claim): ShellLine("claim", "show", claim)
        case .explainClaim(let claim): ShellLine("claim", "explain", claim)
        case .explainRequests: ShellLine("claim", "explain")
        case .renewClaim(let claim, let givesLease):
            ShellLine(["claim", "renew", claim] + (givesLease ? ["--lease", "4h"] : []))
        case .releaseClaim(let claim): ShellLine("claim", "release", claim)
        case .listPlans(let host): Self.list("plan", "--host", host)
        case .showPlan(let plan): ShellLine("plan", "show", plan)
        case .waitForPlan(let plan): ShellLine("plan", "wait", plan)
        case .retryPlan(let plan): ShellLine("plan", "retry", plan)
        case .cancelPlan(let plan): ShellLine("plan", "cancel", plan)
        case .undoPlan(let plan): ShellLine("plan", "undo", plan)
        case .resolvePlan(let plan): ShellLine("plan", "resolve", plan, "--reason", "TEXT")
        case .listStored: ShellLine("store", "list")
        case .previewDrop(let key): ShellLine("store", "drop", key, "--dry-run")
        case .serve(let option): ShellLine(["serve"] + option.words)
        case .nameAgent(let host): ShellLine("agent", "--host", host ?? "NAME")
        case .connectAgent: ShellLine("agent", "--server", "URL", "--token-file", "FILE")
        }
    }

    private static func devices(_ host: String?, _ kind: DeviceKind?, _ conditions: String?) -> ShellLine {
        var line = list("device", "--host", host)
        if let kind, kind != .pci { line.add("--kind", kind.rawValue) }
        line.add("--where", conditions)
        return line
    }

    private static func list(_ noun: String, _ option: String, _ value: String?) -> ShellLine {
        var line = ShellLine(noun, "list")
        line.add(option, value)
        return line
    }

    private static func power(_ verb: String, _ vm: String, _ risk: ProblemCode?) -> ShellLine {
        var line = ShellLine("vm", verb, vm)
        line.add("--allow", risk?.rawValue)
        if risk != nil { line.add("--reason", "TEXT") }
        return line
    }
}

extension Command.ServerOption {
    fileprivate var words: [String] {
        switch self {
        case .name: ["--name", "NAME"]
        case .freePort(let address): ["--listen", "\(address):0"]
        case .socket: ["--socket", "PATH"]
        case .stateFolder: ["--state", "DIR"]
        case .noAgent: ["--no-agent"]
        }
    }
}

extension NextStep {
    /// `Start it:  patchbay vm start web-01`
    package var text: String {
        commands.isEmpty ? sentence : "\(sentence):  \(commands.text)"
    }
}

extension [Command] {
    /// In one line that does all of them, as long as each succeeds.
    package var text: String { map(\.line.text).joined(separator: " && ") }
}

extension [NextStep] {
    /// One a line.
    package var lines: [String] { map(\.text) }
}
