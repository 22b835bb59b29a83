import PatchbayCore

extension API {
    package struct VM: Codable, Hashable, Sendable {
        package var name: String
        package var host: String
        /// `managed` or `adopted`
        package var origin: String
        package var state: Domain.State
        package var vcpus: Int?
        package var memoryMiB: Int?
        /// How its CPUs are tied to the host's; nil: Patchbay does not keep its definition.
        package var pin: PinPolicy?
        /// `2M`, `1G`; nil: ordinary pages.
        package var hugepages: String?
        /// NUMA cells that it is to see; nil: as few as will do.
        package var cells: Int?
        package var requests: [Request]
        /// What it holds while it runs.
        package var now: [VMDevice]
        /// What it will hold at the next start, in words, one line a request.
        package var atNextStart: [String]
        /// It runs, and `now` is not what the requests ask for.
        package var isRestartPending: Bool
        /// `patchbay vm restart trainer-01`, when a restart is pending.
        package var restartCommand: String?
        package var claim: String?
        /// The plan under way for it.
        package var plan: String?
        package var findings: [Finding]
        package var revision: Int
        /// Its host is lost, and nobody has confirmed that it is off: `state` is what was last seen.
        package var mayStillRun: Bool?
        /// What it expects of devices: those that it asks for by name, and those that it had at its last start.
        package var known: [KnownDevice]?
    }

    package struct KnownDevice: Codable, Hashable, Sendable {
        package var request: String
        /// The pool it came from; nil: it is asked for by name.
        package var pool: String?
        /// Where it was last seen.
        package var device: String
        /// What it is recognised by, the most telling first.
        package var knownBy: [String]
        /// Where it was before it was followed; nil: it has not moved since.
        package var movedFrom: String?
        /// The other members of its IOMMU group at the last start, bridges left out; nil: it had no group, or the VM was not
        /// started with it.
        package var groupMates: [String]?
    }

    package struct VMDevice: Codable, Hashable, Sendable {
        package var device: String
        package var name: String
        package var request: String?
        package var pool: String?
        package var isCompanion: Bool
    }

    package struct Request: Codable, Hashable, Sendable {
        package var name: String
        package var pool: String?
        package var device: String?
        package var count: Int
        package var isOptional: Bool
        /// nil: `legacy`.
        package var numa: NUMAPolicy?
        package var groupPolicy: GroupPolicy
        package var topology: TopologyPolicy?
        package var tags: [String: String]
        package init(
            name: String, pool: String? = nil, device: String? = nil, count: Int = 1, isOptional: Bool = false,
            numa: NUMAPolicy? = nil, groupPolicy: GroupPolicy = .none, topology: TopologyPolicy? = nil,
            tags: [String: String] = [:]
        ) {
            self.name = name
            self.pool = pool
            self.device = device
            self.count = count
            self.isOptional = isOptional
            self.numa = numa
            self.groupPolicy = groupPolicy
            self.topology = topology
            self.tags = tags
        }
    }

    /// To create a managed VM. One of `disk` or `kernel` is required; `vcpus` and `memoryMiB` are, too, unless a profile
    /// says them.
    package struct VMDraft: WireRequest, Hashable {
        package var name: String
        /// Left out: the only one; among several the one where it would be placed now.
        package var host: String?
        /// What is left out is as this profile says, and it is given the profile's requests.
        package var profile: String?
        package var vcpus: Int?
        package var memoryMiB: Int?
        /// Path of an image on the host.
        package var disk: String?
        /// `qcow2` (default) or `raw`
        package var diskFormat: String?
        package var kernel: String?
        package var initrd: String?
        package var commandLine: String?
        package var accelerator: GuestSpec.Accelerator?
        /// `none` when left out.
        package var pin: PinPolicy?
        /// Size of the pages its memory is made of: `2M`, `1G`; left out: ordinary pages.
        package var hugepages: String?
        /// How many NUMA cells it sees; left out: as few as will do.
        package var cells: Int?
        /// What it asks for at every start, after what its profile asks for.
        package var requests: [RequestDraft]?
        /// Labels of the host that is chosen; not with `host`.
        package var labels: [String: String]?
        /// `pack` when left out.
        package var strategy: PlacementStrategy?
        package init(
            name: String, host: String? = nil, profile: String? = nil, vcpus: Int? = 1, memoryMiB: Int? = 1024,
            disk: String? = nil, diskFormat: String? = nil, kernel: String? = nil, initrd: String? = nil,
            commandLine: String? = nil, accelerator: GuestSpec.Accelerator? = nil, pin: PinPolicy? = nil,
            hugepages: String? = nil, cells: Int? = nil, requests: [RequestDraft]? = nil,
            labels: [String: String]? = nil, strategy: PlacementStrategy? = nil
        ) {
            self.name = name
            self.host = host
            self.profile = profile
            self.vcpus = vcpus
            self.memoryMiB = memoryMiB
            self.disk = disk
            self.diskFormat = diskFormat
            self.kernel = kernel
            self.initrd = initrd
            self.commandLine = commandLine
            self.accelerator = accelerator
            self.pin = pin
            self.hugepages = hugepages
            self.cells = cells
            self.requests = requests
            self.labels = labels
            self.strategy = strategy
        }
    }

    /// Exactly one of the three: a request by name, every request for a pool, or a device: the request for it, or one
    /// less of the request that it came by.
    package struct DetachRequest: WireRequest, Hashable {
        package var request: String?
        package var pool: String?
        package var device: String?
        /// By how many the request asks for fewer; left out: it is gone.
        package var count: Int?
        package init(request: String? = nil, pool: String? = nil, device: String? = nil, count: Int? = nil) {
            self.request = request
            self.pool = pool
            self.device = device
            self.count = count
        }
    }

    package struct PowerRequest: WireRequest, Hashable {
        /// Do not ask the guest.
        package var force: Bool?
        /// How long the guest has to power off; 60 when left out.
        package var timeoutSeconds: Int?
        package init(force: Bool? = nil, timeoutSeconds: Int? = nil) {
            self.force = force
            self.timeoutSeconds = timeoutSeconds
        }
    }
}
