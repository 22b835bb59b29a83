import PatchbayAPI
import PatchbayCore
import PatchbayLab

/// One run of a scenario: asks, waits for the plans, and looks whether it is so right when they are over.
struct LendingCourse {
    private let stage: LendingStage
    /// The drivers that the devices have when nobody borrows them.
    private let own: [String: String?]
    private(set) var faults: [String] = []
    private var isEager = false

    init(stage: LendingStage) async throws {
        self.stage = stage
        var own: [String: String?] = [:]
        for device in stage.devices { own.updateValue(try await stage.driver(device), forKey: device) }
        self.own = own
    }

    private var service: any PatchbayService { stage.service }

    mutating func start() async throws {
        try await carryOut("start") { try await $0.service.startVM($0.vm, dryRun: false) }
        try await expectRunning(after: "start")
    }

    mutating func stop() async throws {
        try await carryOut("stop") { try await $0.service.stopVM($0.vm, API.PowerRequest(force: true), dryRun: false) }
        try await expect(.shutOff, after: "stop")
        if isEager { try await expectPrepared(after: "stop") } else { try await expectOwnDrivers(after: "stop") }
    }

    mutating func restart() async throws {
        try await carryOut("restart") {
            try await $0.service.restartVM($0.vm, API.PowerRequest(force: true), dryRun: false)
        }
        try await expectRunning(after: "restart")
    }

    mutating func prepare() async throws {
        try await carryOut("prepare") { try await $0.service.prepareDevices($0.asked, dryRun: false) }
        try await expectPrepared(after: "prepare")
    }

    mutating func release() async throws {
        try await carryOut("release") { try await $0.service.releaseDevices($0.asked, dryRun: false) }
        try await expectOwnDrivers(after: "release")
    }

    mutating func edit(_ preparation: Pool.Preparation) async throws {
        let draft = API.PoolDraft(preparation: preparation)
        try await carryOut("pool edit") {
            try await $0.service.editPool($0.pool, draft, revision: nil, dryRun: false)
        }
        isEager = preparation == .eager
        if isEager {
            try await expectPrepared(after: "pool edit")
        } else {
            try await expectOwnDrivers(after: "pool edit")
        }
    }

    /// Asks, and waits for every plan; what is refused or does not end as applied is a fault.
    private mutating func carryOut(_ what: String, _ ask: (LendingStage) async throws -> API.Change) async throws {
        let change: API.Change
        do {
            change = try await ask(stage)
        } catch let problem as Problem {
            faults.append("\(what) is refused: \(Self.words(problem))")
            return
        }
        for plan in change.plans {
            let end = try await end(of: plan.id)
            guard end.phase != "applied" else { continue }
            faults.append("\(what) ends as \(end.phase): \(end.problem.map { "\($0.detail) \($0.cause ?? "")" } ?? "")")
        }
    }

    private func end(of id: String) async throws -> API.Plan {
        var last = try await service.plan(id)
        try await Observation.until(.seconds(600), "plan \(id) is over", every: stage.pause) {
            () async throws(Problem) in
            last = try await stage.service.plan(id)
            return last.isOver
        }
        return last
    }

    private mutating func expectRunning(after what: String) async throws {
        try await expect(.running, after: what)
        for device in stage.devices {
            let told = try await service.device(device)
            if told.vm != stage.vm || told.state != .attached {
                faults.append("after \(what) \(device) is \(told.state.rawValue), for \(told.vm ?? "nobody")")
            }
        }
        try await expectPrepared(after: what)
    }

    private mutating func expect(_ state: Domain.State, after what: String) async throws {
        let vm = try await service.vm(stage.vm)
        if vm.state != state { faults.append("after \(what) \(stage.vm) is \(vm.state.rawValue)") }
    }

    /// On vfio-pci by us: for the kernel, for the server, and with the record of it.
    private mutating func expectPrepared(after what: String) async throws {
        for device in stage.devices {
            let (told, real) = (try await service.device(device), try await stage.driver(device))
            if told.driver != "vfio-pci" || real != "vfio-pci" {
                faults.append("after \(what) \(device) is on \(Self.words(real)), told as \(Self.words(told.driver))")
            }
            if real == "vfio-pci", told.binding == nil { faults.append("after \(what) \(device) is foreign") }
        }
    }

    private mutating func expectOwnDrivers(after what: String) async throws {
        for device in stage.devices {
            let (told, real) = (try await service.device(device), try await stage.driver(device))
            let own = own[device] ?? nil
            if told.driver != own || real != own {
                faults.append(
                    "after \(what) \(device) is on \(Self.words(real)), told as \(Self.words(told.driver)), "
                        + "and was on \(Self.words(own))")
            }
            if told.binding != nil { faults.append("after \(what) \(device) counts as bound by us") }
        }
    }

    private static func words(_ driver: String?) -> String { driver ?? "no driver" }

    private static func words(_ problem: Problem) -> String {
        ([problem.detail] + problem.evidence).joined(separator: " ")
    }
}
