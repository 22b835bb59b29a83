import PatchbayCore

extension API {
    package struct Claim: Codable, Hashable, Sendable {
        package var id: String
        package var owner: ClaimOwner
        package var phase: PatchbayCore.Claim.Phase
        package var requests: [Request]
        /// Hosts that may serve it; empty: any.
        package var hosts: [String]
        /// Labels that the host must have.
        package var labels: [String: String]
        package var strategy: PlacementStrategy
        package var priority: Int
        package var leaseSeconds: Int?
        package var waits: Bool
        /// The claim of the reservation whose devices it may take.
        package var reservation: String?
        /// nil while it is pending.
        package var host: String?
        /// All that goes along, by request, a primary before its companions.
        package var devices: [ClaimDevice]
        package var seat: Seat?
        package var createdAt: Int
        package var allocatedAt: Int?
        /// When its lease ends; nil: it has none, or is pending.
        package var expiresAt: Int?
        /// Its place in the queue, from 1; nil: it is not pending.
        package var position: Int?
        package var findings: [Finding]
        /// For `If-Match`.
        package var revision: Int
    }

    package struct ClaimOwner: WireRequest, Hashable {
        package var kind: PatchbayCore.ClaimOwner.Kind
        package var name: String
        /// Who shares in fairness; nil: the operator.
        package var tenant: String?
        package init(kind: PatchbayCore.ClaimOwner.Kind, name: String, tenant: String? = nil) {
            self.kind = kind
            self.name = name
            self.tenant = tenant
        }
    }

    package struct ClaimDevice: Codable, Hashable, Sendable {
        package var device: String
        package var name: String
        package var request: String
        /// nil: asked for by address.
        package var pool: String?
        package var isCompanion: Bool
        /// The reservation's claim that it was taken from and goes back to.
        package var reservation: String?
    }

    /// Where a guest sits on its host.
    package struct Seat: Codable, Hashable, Sendable {
        package var pin: PinPolicy
        /// `2M`, `1G`; nil: ordinary pages.
        package var hugepages: String?
        package var cells: [SeatCell]
        package var dedicatedCPUs: [Int]
    }

    /// One NUMA cell of the guest on one node of the host.
    package struct SeatCell: Codable, Hashable, Sendable {
        package var node: Int
        package var vcpus: [Int]
        package var memoryMiB: Int
        package var cpus: [Int]
    }

    /// Which claims are meant; nil: all.
    package struct ClaimQuery: Hashable, Sendable {
        package var phase: PatchbayCore.Claim.Phase?
        /// By the owner's name.
        package var owner: String?
        package var tenant: String?
        package init(phase: PatchbayCore.Claim.Phase? = nil, owner: String? = nil, tenant: String? = nil) {
            self.phase = phase
            self.owner = owner
            self.tenant = tenant
        }
    }
}
