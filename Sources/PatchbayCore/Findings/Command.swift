/// What a message may tell somebody to run. A value that is nil is for the reader to fill in.
package enum Command: Hashable, Codable, Sendable {
    case status
    case help(String)
    case examine(host: String? = nil, asRoot: Bool = false)

    case listHosts
    case showHost(String?)
    case refreshHost(String?)
    case inspectHost(asRoot: Bool = false)
    case recordHost(file: String?)
    case acceptHost(String?)
    case removeHost(String)
    case uncordonHost(String)
    case pinHost(String)

    /// - Parameter conditions: of a filter.
    case listDevices(host: String? = nil, kind: DeviceKind? = nil, conditions: String? = nil)
    case showDevice(String)
    case lendDevice(String?, pool: String?, creates: Bool = false)
    case releaseDevice(String)
    case returnDevice(String)
    case listUSB(host: String? = nil)
    case listGroups(host: String? = nil)
    case showGroup(Int?)

    case listPools
    case showPool(String)
    case createPool(String)
    case unstickPool(String)
    case listRules(pool: String)
    case removeRule(String, pool: String)
    case listProfiles
    case showProfile(String)
    case exportPolicy(file: String)
    case applyPolicy(file: String)

    case listVMs
    case showVM(String)
    case createVM(String)
    case deleteVM(String)
    case startVM(String, allowing: ProblemCode? = nil)
    case restartVM(String, allowing: ProblemCode? = nil)
    case stopVM(String)
    /// With more time for the guest.
    case stopVMPatiently(String)
    /// Without asking the guest.
    case powerOffVM(String)
    case confirmOff(String)
    case explainVM(String)
    case openConsole(String)
    case readConsole(String)
    /// A pool or a device.
    case attach(String?, to: String)
    /// A request, pool or device.
    case detach(String, from: String?)

    case listClaims(owner: String? = nil)
    case showClaim(String)
    case explainClaim(String)
    /// Why what was just asked for cannot be had.
    case explainRequests
    case renewClaim(String, givesLease: Bool = false)
    case releaseClaim(String)

    case listPlans(host: String? = nil)
    case showPlan(String)
    case waitForPlan(String)
    case retryPlan(String)
    case cancelPlan(String)
    case undoPlan(String)
    case resolvePlan(String)

    case listStored
    case previewDrop(key: String)

    case serve(ServerOption)
    /// An agent by another name than its host's.
    case nameAgent(String?)
    case connectAgent

    /// What a server may have to be started with.
    package enum ServerOption: Hashable, Codable, Sendable {
        case name
        /// On any free port of this address.
        case freePort(of: String)
        case socket
        case stateFolder
        case noAgent
    }
}
