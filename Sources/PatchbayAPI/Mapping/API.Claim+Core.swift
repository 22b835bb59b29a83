import PatchbayCore
import PatchbayText

extension API.Claim {
    /// What of a claim is not in its record.
    package struct Standing: Sendable {
        package var devices: [API.ClaimDevice]
        package var position: Int?
        package var findings: [PatchbayCore.Finding]
        package init(devices: [API.ClaimDevice] = [], position: Int? = nil, findings: [PatchbayCore.Finding] = []) {
            self.devices = devices
            self.position = position
            self.findings = findings
        }
    }

    package init(_ claim: PatchbayCore.Claim, standing: Standing, revision: Int) {
        let terms = claim.terms
        self.init(
            id: claim.id, owner: API.ClaimOwner(claim.owner), phase: claim.phase,
            requests: claim.requests.map(API.Request.init), hosts: terms.hosts.names, labels: terms.hosts.labels,
            strategy: terms.strategy, priority: terms.priority, leaseSeconds: terms.leaseSeconds, waits: terms.waits,
            reservation: terms.reservation, host: claim.host, devices: standing.devices,
            seat: claim.decision?.seat.map(API.Seat.init), createdAt: claim.createdAt,
            allocatedAt: claim.decision?.at, expiresAt: claim.decision?.expiresAt, position: standing.position,
            findings: standing.findings.map(API.Finding.init), revision: revision)
    }
}

extension API.ClaimOwner {
    package init(_ owner: PatchbayCore.ClaimOwner) {
        self.init(kind: owner.kind, name: owner.name, tenant: owner.tenant)
    }

    /// Throws `.malformedInput` when a name has a form that nobody could type again.
    package func owner() throws(PatchbayCore.Problem) -> PatchbayCore.ClaimOwner {
        guard (1...253).contains(name.utf8.count), name.unicodeScalars.allSatisfy(LabelWords.isInk) else {
            throw Problem(
                .malformedInput, "\"\(name)\" is not a valid owner name.",
                next: ["Use 1 to 253 characters without spaces: slurm/job-17"])
        }
        if let tenant, !LabelWords.isName(tenant) {
            throw Problem(
                .malformedInput, "\"\(tenant)\" is not a valid tenant name.",
                next: ["Use at most 63 letters, digits, -, _ and .; begin with a letter or digit."])
        }
        return PatchbayCore.ClaimOwner(kind: kind, name: name, tenant: tenant)
    }
}

extension API.ClaimDevice {
    package init(_ id: DeviceID, name: String, unit: AllocatedUnit, reservation: String? = nil) {
        self.init(
            device: id.description, name: name, request: unit.request, pool: unit.pool,
            isCompanion: unit.unit.primary != id.key, reservation: reservation)
    }

    /// Every device of a decision, by request, a primary before its companions.
    ///
    /// - Parameter describe: a device's name, and the reservation it was taken from.
    package static func all(
        of decision: ClaimDecision, _ describe: (DeviceID) -> (name: String, reservation: String?)
    ) -> [API.ClaimDevice] {
        decision.units.flatMap { unit in
            ([unit.unit.primary] + unit.unit.companions).map { device in
                let id = DeviceID(host: decision.host, key: device)
                let (name, reservation) = describe(id)
                return API.ClaimDevice(id, name: name, unit: unit, reservation: reservation)
            }
        }
    }
}

extension API.Seat {
    package init(_ seat: GuestSeat) {
        self.init(
            pin: seat.pin, hugepages: seat.hugepageKiB.map { HugepageWords.size(kibibytes: $0) },
            cells: seat.cells.map {
                API.SeatCell(node: $0.node.rawValue, vcpus: $0.vcpus, memoryMiB: $0.memoryMiB, cpus: $0.cpus)
            },
            dedicatedCPUs: seat.dedicatedCPUs)
    }
}
