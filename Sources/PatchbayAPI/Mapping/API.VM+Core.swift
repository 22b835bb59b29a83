import PatchbayCore
import PatchbayText

extension API.VM {
    /// What of a VM is not in its record: seen on its host, or decided by a claim.
    package struct Standing: Sendable {
        package var state: Domain.State
        package var vcpus: Int?
        package var memoryMiB: Int?
        package var now: [API.VMDevice]
        package var atNextStart: [String]
        package var isRestartPending: Bool
        package var claim: String?
        package var plan: String?
        package var findings: [PatchbayCore.Finding]
        package init(
            state: Domain.State, vcpus: Int?, memoryMiB: Int?, now: [API.VMDevice], atNextStart: [String],
            isRestartPending: Bool, claim: String?, plan: String?, findings: [PatchbayCore.Finding]
        ) {
            self.state = state
            self.vcpus = vcpus
            self.memoryMiB = memoryMiB
            self.now = now
            self.atNextStart = atNextStart
            self.isRestartPending = isRestartPending
            self.claim = claim
            self.plan = plan
            self.findings = findings
        }
    }

    package init(_ vm: PatchbayCore.VM, standing: Standing, revision: Int) {
        self.init(
            name: vm.name, host: vm.host, origin: vm.origin.word, state: standing.state, vcpus: standing.vcpus,
            memoryMiB: standing.memoryMiB, pin: vm.spec?.pin,
            hugepages: vm.spec?.hugepageKiB.map { HugepageWords.size(kibibytes: $0) }, cells: vm.spec?.cells,
            requests: vm.requests.map(API.Request.init), now: standing.now,
            atNextStart: standing.atNextStart, isRestartPending: standing.isRestartPending,
            restartCommand: standing.isRestartPending ? Command.restartVM(vm.name).line.text : nil,
            claim: standing.claim, plan: standing.plan, findings: standing.findings.map(API.Finding.init),
            revision: revision, known: vm.known.isEmpty ? nil : vm.known.map { API.KnownDevice($0, on: vm.host) })
    }
}

extension API.KnownDevice {
    fileprivate init(_ known: PatchbayCore.KnownDevice, on host: String) {
        self.init(
            request: known.request, pool: known.pool,
            device: DeviceID(host: host, key: known.device).description, knownBy: known.identity.words,
            movedFrom: known.movedFrom.map { DeviceID(host: host, key: $0).description }, groupMates: known.mates)
    }
}

extension API.VMDevice {
    package init(_ id: DeviceID, name: String, unit: AllocatedUnit?) {
        self.init(
            device: id.description, name: name, request: unit?.request, pool: unit?.pool,
            isCompanion: unit.map { $0.unit.primary != id.key } ?? false)
    }
}

extension API.Request {
    package init(_ request: PatchbayCore.Request) {
        switch request.target {
        case .pool(let pool): self.init(name: request.name, pool: pool, count: request.count)
        case .device(let id): self.init(name: request.name, device: id.description, count: request.count)
        }
        isOptional = request.isOptional
        numa = request.numa
        groupPolicy = request.group
        topology = request.topology
        tags = request.tags
    }
}

extension PatchbayCore.VM {
    /// nil: its definition is not Patchbay's.
    package var spec: GuestSpec? {
        switch origin {
        case .managed(let spec): spec
        case .adopted: nil
        }
    }
}

extension PatchbayCore.VM.Origin {
    package var word: String {
        switch self {
        case .managed: "managed"
        case .adopted: "adopted"
        }
    }
}

extension API.VMDraft {
    /// - Parameter profile: what is left out is as it says.
    ///
    /// Throws `.malformedInput` naming the field that is wrong.
    package func spec(from profile: PatchbayCore.Profile? = nil) throws(PatchbayCore.Problem) -> GuestSpec {
        let letters = name.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) || $0 == 0x2d
                || $0 == 0x5f || $0 == 0x2e
        }
        guard letters, (1...63).contains(name.utf8.count), name.first?.isLetter == true || name.first?.isNumber == true
        else {
            throw Self.wrong(
                name, "is not a valid VM name",
                "Use at most 63 letters, digits, -, _ and .; begin with a letter or digit.")
        }
        let vcpus = try Self.said(vcpus ?? profile?.vcpus, "vcpus", profile)
        let memoryMiB = try Self.said(memoryMiB ?? profile?.memoryMiB, "memoryMiB", profile)
        let cells = cells ?? profile?.cells
        guard (1...1024).contains(vcpus) else {
            throw Self.wrong(
                "vcpus",
                "is \(vcpus), which is out of range", "Use 1 to 1024.")
        }
        guard (16...67_108_864).contains(memoryMiB) else {
            throw Self.wrong("memoryMiB", "is \(memoryMiB), which is out of range", "Use at least 16.")
        }
        if let cells, !(1...min(vcpus, Self.mostCells)).contains(cells) {
            throw Self.wrong(
                "cells", "is \(cells), which is out of range",
                "Use 1 to \(Self.mostCells), and not more than it has virtual CPUs.")
        }
        var hugepageKiB = profile?.hugepageKiB
        if let hugepages { hugepageKiB = try HugepageWords.kibibytes(hugepages) }
        return GuestSpec(
            name: name, vcpus: vcpus, memoryMiB: memoryMiB, boot: try boot(), accelerator: accelerator,
            pin: pin ?? profile?.pin ?? .none, hugepageKiB: hugepageKiB, cells: cells)
    }

    private static func said(
        _ value: Int?, _ field: String, _ profile: PatchbayCore.Profile?
    ) throws(PatchbayCore.Problem) -> Int {
        if let value { return value }
        throw wrong(
            field, "is missing",
            NextStep(
                "Send it" + (profile.map { "; profile \($0.name) does not have it either." } ?? "; it is required.")))
    }

    private static let mostCells = 64

    private func boot() throws(PatchbayCore.Problem) -> GuestSpec.Boot {
        switch (disk, kernel) {
        case (let disk?, nil):
            let format = diskFormat ?? "qcow2"
            guard format == "qcow2" || format == "raw" else {
                throw Self.wrong("diskFormat", "cannot be \"\(format)\"", "Write qcow2 or raw.")
            }
            guard initrd == nil, commandLine == nil else {
                throw Self.wrong("initrd", "is allowed only with a kernel", "Omit initrd and commandLine.")
            }
            return .disk(path: try Self.absolute(disk, "disk"), format: format)
        case (nil, let kernel?):
            var initrdPath: String?
            if let initrd { initrdPath = try Self.absolute(initrd, "initrd") }
            return .kernel(
                path: try Self.absolute(kernel, "kernel"), initrd: initrdPath, commandLine: commandLine ?? "")
        case (nil, nil), (.some, .some):
            throw Self.wrong(
                "disk", "or \"kernel\" is required, and only one of them", "Name a disk image or a kernel on the host.")
        }
    }

    private static func absolute(_ path: String, _ field: String) throws(PatchbayCore.Problem) -> String {
        guard path.hasPrefix("/"), !path.contains("\0") else {
            throw wrong(
                field, "is \"\(path)\", which is not an absolute path",
                "Write the full path on the host, beginning with /.")
        }
        return path
    }

    private static func wrong(_ field: String, _ what: String, _ next: NextStep) -> PatchbayCore.Problem {
        Problem(.malformedInput, "\"\(field)\" \(what).", next: [next])
    }
}
