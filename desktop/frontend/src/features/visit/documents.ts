import { graphql } from "@/gql";

// What the planner asks and does. Names follow the stored operations 07–13 and 15 of the contract.

/** The plans of a cohort, newest first, and its teams. */
export const PlannerPlans = graphql(`
  query PlannerPlans($cohort: ID!) {
    cohort(id: $cohort) {
      id
      visitPlan { id number }
      visitPlans(first: 50) {
        nodes { id number state version releasedAt updatedAt updatedBy cancelled }
      }
      teams(first: 100) { nodes { id number name } }
    }
  }
`);

/** Every offer with the days it is open, for the list, the notes of empty weeks and the days of a lifted visit. */
export const PlannerOffers = graphql(`
  query PlannerOffers($programme: ID!, $after: String) {
    programme(id: $programme) {
      offers(first: 100, after: $after, filter: { states: [OPEN] }) {
        totalCount
        nodes {
          id
          site { name stepFree organisation { name } station { name nation latitude longitude } }
          themes { id name }
          minGroup
          maxGroup
          durationMinutes
          leadTimeWorkingDays
          windows { startsAt endsAt }
          blackoutDates
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

/** Board, offers not used with their reasons, who sees what. One request draws the screen. */
export const PlannerBoard = graphql(`
  query PlannerBoard($plan: ID!) {
    visitPlan(id: $plan) {
      id
      version
      number
      state
      seed
      cancelled
      updatedAt
      updatedBy
      releasedAt
      rules { visitDaysMax daysBetweenMin hostsPerDayMax oneWayMinutesMax everyoneAtLeast coverEveryTheme mentorSeats levels lostDays exclusions { offer { id site { name organisation { name } } } reason by at } }
      score { uncovered maxShortfall squaredShortfall minutes gramsCo2e }
      bound { uncovered maxShortfall squaredShortfall minutes gramsCo2e firstUnproved gapPercent }
      provedLevels
      broken { rule text overrideReason }
      travel {
        journeys
        leastMinutes
        middleMinutes
        mostMinutes
        gramsCo2e
        pence
        penceAHead
        explain { text pricesEstimated pricesMissing factors { mode gramsPerPassengerKm year source { name licence } } }
      }
      cohort { id }
      visits(first: 100) {
        nodes {
          id
          version
          on
          startsAt
          endsAt
          state
          pinned
          offer {
            id
            site { name organisation { name } station { name nation latitude longitude } }
            themes { id name }
            minGroup
            maxGroup
            version
          }
          group { id name sectors { public private } members { id } }
          deadlines { kind dueOn state }
          travel { leastMinutes middleMinutes mostMinutes gramsCo2e pence penceAHead }
          broken { rule text overrideReason }
        }
      }
      left(filter: { kinds: [OFFER, DAY] }, first: 100) {
        totalCount
        nodes {
          subject {
            __typename
            ... on HostOffer { id site { name organisation { name } } }
            ... on PlanDay { on }
          }
          reason { code text remedy }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

/** The rest of what a plan leaves out, where a hundred did not hold it. */
export const PlannerLeft = graphql(`
  query PlannerLeft($plan: ID!, $after: String) {
    visitPlan(id: $plan) {
      left(filter: { kinds: [OFFER, DAY] }, first: 100, after: $after) {
        nodes {
          subject {
            __typename
            ... on HostOffer { id site { name organisation { name } } }
            ... on PlanDay { on }
          }
          reason { code text remedy }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

/** What the plan gives each person, a page of a hundred. */
export const PlannerExposures = graphql(`
  query PlannerExposures($plan: ID!, $after: String) {
    visitPlan(id: $plan) {
      exposures(first: 100, after: $after) {
        nodes {
          enrolment {
            id
            person { name }
            sectorAtEnrolment
            employerAtEnrolment { name }
            homeStation { name latitude longitude }
            team { id number name }
          }
          visits
          attainable
          shortfall
          minutes
          leastMinutes
          missed { subject { __typename ... on PersonDay { on } } reason { code text remedy } }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`);

/** Why a visit is here, and why not then. */
export const WhyVisit = graphql(`
  query WhyVisit($visit: ID!) {
    visit(id: $visit) {
      id
      version
      explain {
        text
        onlyHere { team { number } theme { name } }
        alternatives {
          on
          group
          moreMiss
          broken { rule text on holiday { name nation } namesBy limit actual }
          score { uncovered maxShortfall squaredShortfall minutes gramsCo2e }
        }
      }
      deadlines {
        kind
        dueOn
        state
        workingDaysLeft
        ready
        of
        explain { text from workingDays nations days { on counts holidays { name nation } } }
      }
      travel {
        explain {
          text estimated entered pricesEstimated pricesMissing
          factors { mode circuity gramsPerPassengerKm year source { name licence } }
          rates { mode pencePerKm year own source { name } note }
        }
      }
      manifest { ...ManifestCard }
    }
  }

  fragment ManifestCard on Manifest {
    id
    version
    number
    state
    fields
    people
    sealedHash
    submittedAt
    purgeAfter
    rows { enrolment { person { name } } values }
    csv
  }
`);

/** The ways of a visit's people, there and back. */
export const VisitLegs = graphql(`
  query VisitLegs($visit: ID!, $after: String) {
    visit(id: $visit) {
      legs(first: 100, after: $after) {
        nodes { ...Way }
        pageInfo { hasNextPage endCursor }
      }
    }
  }

  fragment Way on Leg {
    id
    version
    updatedBy
    enrolment { id sectorAtEnrolment person { name } }
    homeStation { name }
    back between
    mode
    metres
    minutes
    pence
    gramsCo2e
    entered
    figures
  }
`);

/** What is known of a journey; dry while it is written, so that what is left out shows its estimate. */
export const EnterWay = graphql(`
  mutation EnterWay($input: EnterLegInput!) {
    enterLeg(input: $input) {
      leg { ...Way explain { text } }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);

/** Why an offer is not used, with the facts. */
export const WhyOffer = graphql(`
  query WhyOffer($plan: ID!, $offer: ID!) {
    visitPlan(id: $plan) {
      left(filter: { aboutId: $offer, kinds: [OFFER] }, first: 1) {
        nodes { reason { ...ReasonFacts } }
      }
    }
  }

  fragment ReasonFacts on Reason {
    __typename
    code
    text
    remedy
    ... on DaysReason { days { on rule text holiday { name nation } namesBy } }
    ... on CountReason { counts { on free stepFree withinLimit minGroup offer { id site { name organisation { name } } } } }
    ... on HeldReason { heldBy { id on offer { site { name organisation { name } } } } swap { __typename ...CostFacts } }
    ... on ExcludedReason { exclusion { reason by at } }
    ...CostFacts
    ... on PersonReason { sites { name organisation { name } } leastMinutes limitMinutes }
    ... on SeatsReason { groups { id name } swaps { enrolment { person { name } } level loss } }
    ... on DominatedReason { by }
  }

  fragment CostFacts on CostReason {
    level
    leastLoss
    bound { uncovered maxShortfall squaredShortfall minutes gramsCo2e firstUnproved }
    witness {
      score { uncovered maxShortfall squaredShortfall minutes gramsCo2e }
      changes {
        kind
        offer { id site { name organisation { name } station { name } } themes { name } }
        before { startsAt group sectors { public private } }
        after { startsAt group sectors { public private } }
        people { id person { name } sectorAtEnrolment }
      }
    }
  }
`);

/** Why a team does not see a theme. */
export const WhyThemes = graphql(`
  query WhyThemes($plan: ID!) {
    visitPlan(id: $plan) {
      left(filter: { kinds: [THEME] }, first: 20) {
        nodes {
          subject { __typename ... on TeamTheme { team { number } theme { name } } }
          reason { ...ReasonFacts }
        }
      }
    }
  }
`);

/** Why a day has no visit, or a person misses one. */
export const WhyDay = graphql(`
  query WhyDay($plan: ID!, $on: Date!, $about: ID, $kinds: [LeftOutKind!]) {
    visitPlan(id: $plan) {
      left(filter: { on: $on, aboutId: $about, kinds: $kinds }, first: 100) {
        nodes {
          subject {
            __typename
            ... on PersonDay { on enrolment { id person { name } sectorAtEnrolment } }
            ... on PlanDay { on }
          }
          reason { ...ReasonFacts }
        }
      }
    }
  }
`);

/** "Plan again": from the draft at hand, its pins kept. */
export const PlanVisits = graphql(`
  mutation PlanVisits($input: PlanVisitsInput!) {
    planVisits(input: $input) {
      job { id state plans { id number } }
      impact { effect count because }
      userErrors { field message code fix }
    }
  }
`);

/** Plan and bound closing on each other. */
export const PlanningProgress = graphql(`
  subscription PlanningProgress($job: ID!) {
    jobProgressed(id: $job) {
      __typename
      id
      state
      progress
      failure
      ... on VisitPlanning {
        plans {
          id
          number
          provedLevels
          rules { levels }
          score { uncovered maxShortfall squaredShortfall minutes gramsCo2e }
          bound { minutes firstUnproved gapPercent }
        }
        steps {
          milliseconds
          score { uncovered maxShortfall squaredShortfall minutes }
          bound { minutes gapPercent firstUnproved }
        }
        clashes(first: 10) {
          proved
          minimal
          rules {
            group
            text
            hopeless
            relaxation {
              text
              smallest
              peopleTouched
              offers { id site { name organisation { name } } }
              people { id person { name } }
              rules { visitDaysMax daysBetweenMin oneWayMinutesMax everyoneAtLeast coverEveryTheme }
              witness { score { uncovered maxShortfall minutes } }
            }
          }
        }
        clashesComplete
      }
    }
  }
`);

export const StopPlanning = graphql(`
  mutation StopPlanning($input: CancelJobInput!) {
    cancelJob(input: $input) {
      job { id state }
      userErrors { field message code fix }
    }
  }
`);

/** A drag: dryRun true while the visit is lifted, false when it is put down. The preview is the mutation. */
export const MoveVisit = graphql(`
  mutation MoveVisit($input: MoveVisitInput!) {
    moveVisit(input: $input) {
      visit {
        id
        version
        on
        startsAt
        broken { rule text on holiday { name nation } namesBy limit actual people { id person { name } sectorAtEnrolment } }
        deadlines { kind dueOn }
        travel { middleMinutes gramsCo2e }
      }
      plan { ...PlanStamp }
      impact { effect count subjects(first: 10) { __typename ... on Enrolment { id person { name } sectorAtEnrolment } } because }
      userErrors { field message code fix }
    }
  }

  fragment PlanStamp on VisitPlan {
    id
    version
    updatedAt
    updatedBy
    score { uncovered maxShortfall squaredShortfall minutes gramsCo2e }
    bound { firstUnproved gapPercent minutes }
    broken { rule text }
  }
`);

export const MoveVisitors = graphql(`
  mutation MoveVisitors($input: MoveVisitorsInput!) {
    moveVisitors(input: $input) {
      plan { ...PlanStamp }
      impact { effect count because }
      userErrors { field message code fix }
    }
  }
`);

export const AddVisit = graphql(`
  mutation AddVisit($input: AddVisitInput!) {
    addVisit(input: $input) {
      visit {
        id
        on
        startsAt
        group { id name sectors { public private } members { id } }
        broken { rule text }
      }
      plan { ...PlanStamp }
      impact { effect count because }
      userErrors { field message code fix }
    }
  }
`);

export const RemoveVisit = graphql(`
  mutation RemoveVisit($input: RemoveVisitInput!) {
    removeVisit(input: $input) {
      plan { ...PlanStamp }
      impact { effect count because }
      userErrors { field message code fix }
    }
  }
`);

export const PinVisit = graphql(`
  mutation PinVisit($input: PinVisitInput!) {
    pinVisit(input: $input) {
      visit { id version pinned plan { ...PlanStamp } }
      userErrors { field message code fix }
    }
  }
`);

export const ExcludeOffer = graphql(`
  mutation ExcludeOffer($input: ExcludeOfferInput!) {
    excludeOffer(input: $input) {
      plan { ...PlanStamp }
      impact { effect count because }
      userErrors { field message code fix }
    }
  }
`);

export const DraftVisitPlan = graphql(`
  mutation DraftVisitPlan($input: DraftVisitPlanInput!) {
    draftVisitPlan(input: $input) {
      plan { id number version state }
      userErrors { field message code fix }
    }
  }
`);

/** Up to five ways out after something went wrong. Who is touched is asked of the one looked at, by drafting it dry. */
export const WaysOut = graphql(`
  query WaysOut($plan: ID!, $cause: RepairCause!, $free: [ID!]!) {
    visitPlan(id: $plan) {
      id
      version
      repairs(cause: $cause, freeVisitIds: $free) {
        id
        ring
        placesChanged
        score { uncovered maxShortfall squaredShortfall minutes gramsCo2e }
        changes {
          kind
          offer { id site { name organisation { name } } }
          before { startsAt group }
          after { startsAt group }
          people { id }
        }
        impact { effect count notice { title } }
      }
    }
  }
`);

export const DraftRepair = graphql(`
  mutation DraftRepair($input: DraftRepairInput!) {
    draftRepair(input: $input) {
      plan { id number version state }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);

/** A host takes fewer than it offered. */
export const LimitGroup = graphql(`
  mutation LimitGroup($input: SaveHostOfferInput!) {
    saveHostOffer(input: $input) {
      offer { id version maxGroup }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);

/** Draft against version, who it touches, who would have to be told. */
export const Compare = graphql(`
  query Compare($draft: ID!, $version: ID!) {
    visitPlan(id: $draft) {
      id
      version
      number
      state
      broken { rule text }
      diffTo(planId: $version) {
        before {
          id
          number
          state
          releasedAt
          updatedAt
          provedLevels
          rules { visitDaysMax daysBetweenMin hostsPerDayMax oneWayMinutesMax everyoneAtLeast coverEveryTheme mentorSeats levels lostDays }
          score { uncovered maxShortfall squaredShortfall minutes gramsCo2e }
          bound { uncovered maxShortfall squaredShortfall minutes gramsCo2e firstUnproved gapPercent }
          visits(first: 100) { nodes { on offer { id site { name organisation { name } } } } }
        }
        after {
          id
          number
          state
          releasedAt
          updatedAt
          provedLevels
          rules { visitDaysMax daysBetweenMin hostsPerDayMax oneWayMinutesMax everyoneAtLeast coverEveryTheme mentorSeats levels lostDays }
          score { uncovered maxShortfall squaredShortfall minutes gramsCo2e }
          bound { uncovered maxShortfall squaredShortfall minutes gramsCo2e firstUnproved gapPercent }
          visits(first: 100) { nodes { on offer { id site { name organisation { name } } } } }
        }
        placesChanged
        changes {
          kind
          offer { id site { name organisation { name } station { name } } themes { name } }
          before { startsAt group sectors { public private } }
          after { startsAt group sectors { public private } }
          people { id person { name } sectorAtEnrolment }
        }
        people { enrolment { id person { name } sectorAtEnrolment } visits minutes }
        impact { ...ImpactLine }
      }
    }
  }

  fragment ImpactLine on Impact {
    effect
    count
    because
    subjects {
      __typename
      ... on Site { id name organisation { name } }
      ... on HostOffer { id site { name organisation { name } } }
      ... on VisitPlan { id number }
      ... on Visit { id on offer { site { name organisation { name } } } }
      ... on Enrolment { id person { name } sectorAtEnrolment }
    }
    notice { title text }
  }
`);

/** Release. STALE answers with the plan as it now is, and who saved it. */
export const Release = graphql(`
  mutation Release($input: ReleaseVisitPlanInput!) {
    releaseVisitPlan(input: $input) {
      plan { id version number state releasedAt updatedAt updatedBy broken { rule text } }
      impact { ...ImpactLine }
      userErrors { field message code fix }
    }
  }
`);

export const ConfirmVisit = graphql(`
  mutation PlannerConfirm($input: ConfirmVisitInput!) {
    confirmVisit(input: $input) {
      visit { id version state }
      impact { ...ImpactLine }
      userErrors { field message code fix }
    }
  }
`);

export const CancelVisit = graphql(`
  mutation PlannerCancel($input: CancelVisitInput!) {
    cancelVisit(input: $input) {
      visit { id version state }
      impact { ...ImpactLine }
      userErrors { field message code fix }
    }
  }
`);

/** The list that a host gets, and the day by which its rows are gone. */
export const SealManifest = graphql(`
  mutation PlannerSeal($input: SealManifestInput!) {
    sealManifest(input: $input) {
      manifest { ...ManifestCard }
      impact { ...ImpactLine }
      userErrors { field message code fix }
    }
  }
`);

export const SubmitManifest = graphql(`
  mutation PlannerSubmit($input: SubmitManifestInput!) {
    submitManifest(input: $input) {
      manifest { ...ManifestCard }
      impact { ...ImpactLine }
      userErrors { field message code fix }
    }
  }
`);

export const PurgeManifest = graphql(`
  mutation PlannerPurge($input: PurgeManifestInput!) {
    purgeManifest(input: $input) {
      manifest { ...ManifestCard }
      impact { ...ImpactLine }
      userErrors { field message code fix }
    }
  }
`);

/** Calendars of a released plan: the cohort's, a team's, a person's. */
export const JourneyTable = graphql(`
  query PlannerJourneyTable($plan: ID!) { visitPlan(id: $plan) { journeyTable } }
`);
export const CohortCalendar = graphql(`
  query PlannerCohortCalendar($cohort: ID!) { cohort(id: $cohort) { calendar { ics } } }
`);
export const TeamCalendar = graphql(`
  query PlannerTeamCalendar($team: ID!) { node(id: $team) { __typename ... on Team { calendar { ics } } } }
`);
export const PersonCalendar = graphql(`
  query PlannerPersonCalendar($enrolment: ID!) { node(id: $enrolment) { __typename ... on Enrolment { calendar { ics } } } }
`);
